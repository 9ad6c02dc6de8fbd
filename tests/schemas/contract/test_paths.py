from docdouble.schemas.contract.paths import path_variables, unnamed_template


def test_variables_of_a_path() -> None:
    assert path_variables("/Book/{bookId}/{page}") == ["bookId", "page"]
    assert unnamed_template("/Book/{bookId}/{page}") == "/Book/{}/{}"
