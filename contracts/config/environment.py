"""Variables of the environment in texts of the user: ``${NAME}`` stands for one, ``$${`` for ``${`` itself."""

import os
import re

from docdouble.schemas import ConfigError

_VARIABLE = re.compile(r"\$\$\{|\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)\}|\$\{")


def expand_variables(text: str, where: str) -> str:
    """Return the text with its variables filled in.

    Raises ``ConfigError`` for one that isn't set, or is empty; it names the variable and ``where``, and no value.
    """

    def variable(match: re.Match[str]) -> str:
        if match[0] == "$${":
            return "${"
        name = match["name"]
        if name is None:
            raise ConfigError(
                where, "${", expected="the start of a variable such as ${TOKEN}; $${ stands for ${ itself"
            )
        if value := os.environ.get(name):
            return value
        ending = ": it is empty" if name in os.environ else ""
        raise ConfigError(where, match[0], expected=f"set in the environment{ending}")

    return _VARIABLE.sub(variable, text)
