"""The packages of the wheel, found below the three folders; all other settings are in pyproject.toml."""

from setuptools import find_packages, setup

FOLDERS = ("schemas", "fakeserver", "contracts")
found = find_packages(include=[*FOLDERS, *(f"{folder}.*" for folder in FOLDERS)], exclude=["contracts._root"])

setup(packages=["docdouble", *(f"docdouble.{name}" for name in found)])
