"""The packages of the wheel, packages below the three folders, and links to the repository that builds it.

All other settings are in pyproject.toml. GitHub names the repository and the tag in the environment; elsewhere, links
of the description stay as they are in README.md, and the metadata has none.
"""

import os
import re
from pathlib import Path

from setuptools import find_packages, setup

FOLDERS = ("schemas", "fakeserver", "contracts")
packages = find_packages(include=[*FOLDERS, *(f"{folder}.*" for folder in FOLDERS)], exclude=["contracts._root"])

readme = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")
urls = {}
if repository := os.environ.get("GITHUB_REPOSITORY"):
    home = f"https://github.com/{repository}"
    files = f"{home}/blob/{os.environ.get('GITHUB_REF_NAME', 'main')}"
    readme = re.sub(r"\]\((?![a-z]+:|#)", f"]({files}/", readme)
    urls = {
        "Source": home,
        "Documentation": f"{files}/docs/index.md",
        "Changelog": f"{files}/CHANGELOG.md",
        "Issues": f"{home}/issues",
    }

setup(
    packages=["docdouble", *(f"docdouble.{name}" for name in packages)],
    long_description=readme,
    long_description_content_type="text/markdown",
    project_urls=urls,
)
