"""The fixture ``proxy_api``: what passes is judged, and an error that nobody expects fails the test at its end."""

import pytest

pytest_plugins = ["pytester"]
pytestmark = [pytest.mark.sockets, pytest.mark.slow]

PATH = "/api/v1/Agents/Appointment/AssignTo"


def test_a_broken_promise_fails_the_test_that_met_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        f"""
        import requests

        def asked(api, body):
            return requests.post(api.url + "{PATH}", json=body, headers={{"Authorization": "Bearer any"}}, timeout=20)

        def test_right(proxy_api):
            assert asked(proxy_api, {{"AppointmentId": 2}}).status_code == 200
            assert proxy_api.findings == ()
            assert [call["status"] for call in proxy_api.control.calls("AssignTo")] == [200]

        def test_own_mistake_is_a_note(proxy_api):
            assert asked(proxy_api, {{"AppointmentId": "2"}}).status_code == 400
            assert [one.check for one in proxy_api.findings] == ["client-request"]

        def test_broken(proxy_api, fake_api):
            fake_api.control.add_fault(violate="wrong-type:/AppointmentId")
            assert asked(proxy_api, {{"AppointmentId": 2}}).status_code == 200

        def test_expected(proxy_api, fake_api):
            fake_api.control.add_fault(violate="wrong-type:/AppointmentId")
            asked(proxy_api, {{"AppointmentId": 2}})
            proxy_api.expected.add("response-schema")
        """
    )
    result = pytester.runpytest_inprocess("--contract-source", "superoffice")
    result.assert_outcomes(passed=4, errors=1)
    result.stdout.fnmatch_lines(
        [
            "docdouble: the server broke its documentation",
            '  response-schema, v1AppointmentAgent_AssignTo.md:73: expected /AppointmentId is integer (int32), got "2"',
        ]
    )
