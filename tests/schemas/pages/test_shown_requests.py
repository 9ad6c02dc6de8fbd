"""Bodies of requests and answers that stand on other pages than the description of their operation."""

from pathlib import Path

from .family_pages import read_pages

BUILD = "# Build\n\n`PUT /boats/{id}`\n\n## Request body\n\n| Name | Type |\n|---|---|\n| length | number |\n"
CREW = "# Crew\n\n`PUT /boats/{id}/crew`\n\n## Request body\n\n| Name | Type |\n|---|---|\n| mate | string |\n"
GUIDE = (
    "# Guide\n\nFirst a boat:\n\n```http\nPUT /boats/1\nContent-Type: application/json\n\n"
    '{"length": 6.5, "sails": 2}\n```\n\nand its crew:\n\n'
    '```sh\ncurl -X PUT https://a.test/boats/1/crew -d \'{"mate": "Ann"}\'\n'
    "curl -X PUT https://a.test/yards/1 -d '{\"keel\": 1}'\n```\n"
)


def test_a_guide_shows_samples_of_the_operations_that_it_uses(tmp_path: Path) -> None:
    contract = read_pages(tmp_path, build=BUILD, crew=CREW, guide=GUIDE).contract
    requests = {operation.label: operation.request for operation in contract.operations}
    assert requests.keys() == {"PUT /boats/{id}", "PUT /boats/{id}/crew"}
    build, crew = (request.media_types[0] for request in requests.values() if request)
    assert build.samples == ({"length": 6.5, "sails": 2},)
    assert crew.samples == ({"mate": "Ann"},)
    schema = contract.resolve(build.schema or {})
    assert schema["properties"].keys() == {"length", "sails"}
    sails, length = (schema["properties"][name]["x-docdouble-evidence"] for name in ("sails", "length"))
    assert (sails["page"], sails["grade"]) == ("guide.md", "sampled")
    assert (length["page"], length["grade"]) == ("build.md", "stated")


def test_a_sample_of_the_page_itself_is_there_once(tmp_path: Path) -> None:
    sample = '\n## Example\n\n```http\nPUT /boats/1\n\n{"length": 6.5, "sails": 2}\n```\n'
    contract = read_pages(tmp_path, build=BUILD + sample, guide=GUIDE).contract
    request = contract.operation("PUT /boats/{id}").request
    assert request is not None
    assert request.media_types[0].samples == ({"length": 6.5, "sails": 2},)


def test_a_request_is_one_of_the_operation_with_the_fewest_variables(tmp_path: Path) -> None:
    dock = BUILD.replace("Build", "Dock").replace("/boats/{id}", "/boats/dock")
    guide = "# Guide\n\n```sh\ncurl -X PUT https://a.test/boats/dock -d '{\"length\": 9}'\n```\n"
    contract = read_pages(tmp_path, build=BUILD, dock=dock, guide=guide).contract
    samples = {
        operation.label: operation.request.media_types[0].samples
        for operation in contract.operations
        if operation.request
    }
    assert samples == {"PUT /boats/{id}": (), "PUT /boats/dock": ({"length": 9},)}


def test_a_guide_shows_answers_of_the_operations_that_it_uses(tmp_path: Path) -> None:
    answer = '## Response\n\n```json\n{"id": 7, "name": "Tern"}\n```\n'
    boat = f"# Get a boat\n\n`GET /me/boats/{{id}}`\n\n{answer}"
    asked = "```http\nGET /boats/{id}/?select=id,crew\n```\n\n"
    shown = '```http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{"id": 7, "crew": ["Ann"]}\n```\n'
    guide = (
        f"# Guide\n\nAsk for a part:\n\n{asked}The answer has it:\n\n{shown}\n## Else\n\n{shown.replace('crew', 'x')}"
    )
    contract = read_pages(tmp_path, boat=boat, guide=guide).contract
    success = contract.operation("GET /me/boats/{id}").success()
    assert success is not None
    assert success.media_types[0].samples == ({"id": 7, "name": "Tern"}, {"id": 7, "crew": ["Ann"]})
    properties = contract.resolve(success.media_types[0].schema or {})["properties"]
    assert properties.keys() == {"id", "name", "crew"}


def test_an_answer_of_something_else_is_no_sample(tmp_path: Path) -> None:
    boat = '# Get a boat\n\n`GET /boats/{id}`\n\n## Response\n\n```json\n{"id": 7, "name": "Tern"}\n```\n'
    guide = (
        '# Guide\n\n```http\nGET /boats/7\n```\n\n```http\nHTTP/1.1 200 OK\n\n{"open": true, "closes": "16:00"}\n```\n'
    )
    contract = read_pages(tmp_path, boat=boat, guide=guide).contract
    success = contract.operation("GET /boats/{id}").success()
    assert success is not None
    assert success.media_types[0].samples == ({"id": 7, "name": "Tern"},)
