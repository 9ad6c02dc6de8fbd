import gc

from docdouble.contracts.engine.garbage import rare_collection


def test_garbage_is_looked_for_as_before_after_a_run() -> None:
    before = gc.get_threshold()
    with rare_collection():
        assert gc.get_threshold() > before
    assert gc.get_threshold() == before
