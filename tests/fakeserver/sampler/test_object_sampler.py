from docdouble.fakeserver.sampler.object_sampler import Deferred, ObjectSampler, RecordProperty


def test_a_deferred_function_is_made_once() -> None:
    made = []

    def make() -> ObjectSampler:
        made.append(True)
        return ObjectSampler([RecordProperty("Id", 1, lambda key, entity: key)])

    draw = Deferred(make)
    assert draw.draw_known(1, 1, {"id": 7}) == draw.draw_known(2, 2, {"id": 7}) == {"Id": 7}
    assert draw(3, 3) == {"Id": 3}
    assert len(made) == 1
