"""A front end of a kennel: keys that callers choose, one whole entity sent back, a form, several users at once."""

from urllib.parse import urlencode

from werkzeug.test import Client

from docdouble.fakeserver import FakeServer, Settings
from docdouble.schemas import extract

from .conftest import HERE, Api, api

kennel = api("pets.yaml")

FIDO = {"id": 77, "name": "Fido", "category": {"id": 2, "name": "Dogs"}, "status": "pending"}


def test_a_pet_has_the_number_that_it_was_given(kennel: Api) -> None:
    assert kennel("POST /pet", FIDO).body == FIDO
    assert kennel("GET /pet/77").body == FIDO
    assert FIDO in kennel("GET /pet/findByStatus", status="pending").body


def test_any_number_of_64_bits_is_one(kennel: Api) -> None:
    assert kennel("POST /pet", {**FIDO, "id": 2**63 - 1}).body["id"] == 2**63 - 1
    assert kennel(f"GET /pet/{2**63 - 1}").body == {**FIDO, "id": 2**63 - 1}
    assert kennel("POST /pet", {"name": "Max"}).body["id"] == 26


def test_the_number_of_a_server_is_the_first_free_one(kennel: Api) -> None:
    sent = [{**FIDO, "id": 2**31 - 1}, {"name": "Max"}, {"name": "Rex", "id": -4}, {**FIDO, "id": 28}, {"name": "Bo"}]
    assert [kennel("POST /pet", pet).body["id"] for pet in sent] == [2**31 - 1, 26, 27, 28, 29]


def test_a_pet_is_sent_back(kennel: Api) -> None:
    kennel("POST /pet", FIDO)
    sold = {**FIDO, "status": "sold"}
    assert kennel("PUT /pet", sold).body == sold
    assert kennel("GET /pet/77").body == sold
    assert sold in kennel("GET /pet/findByStatus", status="sold").body
    assert sold not in kennel("GET /pet/findByStatus", status="pending").body
    assert kennel("PUT /pet", {**sold, "id": 4711}).status == 404


def test_a_pet_is_gone(kennel: Api) -> None:
    kennel("POST /pet", FIDO)
    assert kennel("DELETE /pet/77").status == 204
    assert [kennel(f"{method} /pet/77").status for method in ("GET", "DELETE")] == [404, 404]
    assert FIDO not in kennel("GET /pet/findByStatus", status="pending").body


def test_a_pet_takes_the_place_of_a_made_up_one(kennel: Api) -> None:
    assert kennel("GET /pet/5").body["name"] != "Fido"
    assert kennel("POST /pet", {**FIDO, "id": 5}).body == {**FIDO, "id": 5}
    assert kennel("GET /pet/5").body["name"] == "Fido"


def test_an_order_is_made_once(kennel: Api) -> None:
    order = {"id": 8, "petId": 77, "quantity": 2}
    assert [kennel("POST /store/order", order).status for _ in range(2)] == [200, 409]
    assert kennel("GET /store/order/8").body == order
    assert kennel("DELETE /store/order/8").status == 200
    assert kennel("GET /store/order/8").status == 404


def test_a_form_changes_a_pet() -> None:
    client = Client(FakeServer(extract(str(HERE / "pets.yaml")).contract, Settings(auth=False)))
    sent = urlencode({"name": "Max", "status": "sold"})
    client.post("/pet/3", data=sent, content_type="application/x-www-form-urlencoded")
    pet = client.get("/pet/3").json
    assert (pet["id"], pet["name"], pet["status"]) == (3, "Max", "sold")


def test_users_come_several_at_once(kennel: Api) -> None:
    users = [{"id": place, "username": name, "firstName": name.title()} for place, name in enumerate(("ada", "bo"), 1)]
    kennel("POST /user/createWithList", users)
    assert [kennel(f"GET /user/{name}").body for name in ("ada", "bo")] == users
    renamed = {**users[0], "firstName": "Augusta"}
    assert kennel("PUT /user", renamed).body == renamed
    assert kennel("GET /user/ada").body == renamed


def test_a_key_that_is_read_only_tells_which_one_is_sent_back(kennel: Api) -> None:
    keeper = {"id": 3, "name": "Kari"}
    assert kennel("PUT /keeper", keeper).body == keeper
    assert kennel("GET /keeper/3").body == keeper


def test_an_entity_that_no_request_can_name_is_the_first(kennel: Api) -> None:
    assert kennel("PUT /keeper", {"name": "Ola"}).body == {"id": 1, "name": "Ola"}
    assert kennel("GET /keeper/1").body["name"] == "Ola"
