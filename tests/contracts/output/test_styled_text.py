"""Tables of documents' texts."""

from io import StringIO

from docdouble.contracts.output.styled_text import console_for, print_table


def test_no_line_of_a_table_begins_with_a_command_to_the_workflow() -> None:
    file = StringIO()
    console = console_for(file)
    console.width = 30
    print_table(console, "", ("name", "count"), [("a name that is too long ::error::a", "1")])
    lines = [line.strip() for line in file.getvalue().splitlines()]
    assert len(lines) > 2
    assert not [line for line in lines if line.startswith("::")]
