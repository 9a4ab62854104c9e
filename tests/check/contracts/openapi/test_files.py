"""OpenAPI documents in files: what is one, what is wrong with it, and where findings point."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.check.contracts.openapi.documents import answered, document, judged, operation, parameter, sent, thing
from versioned_serde.check.contracts.contract import ContractError
from versioned_serde.check.contracts.openapi.contract import compare, recognizes

OLD = """\
openapi: 3.0.3
info: {title: Shop, version: "1"}
paths:
  /orders/{id}:
    parameters:
      - $ref: "parts/parameters.yaml#/id"
    get:
      responses:
        200:
          description: an order
          content:
            application/json:
              schema: {$ref: "parts/order.json#/Order"}
"""
PARAMETERS = """\
id: &id
  name: id
  in: path
  required: true
  schema: {type: integer}
limit:
  <<: *id
  name: no
"""
ORDER = {"Order": thing(("status",), status={"$ref": "#/Status"}), "Status": {"enum": ["open"]}}


def shop(folder: Path, order: Any = ORDER, text: str = OLD) -> Path:
    (folder / "parts").mkdir(parents=True)
    (folder / "shop.yaml").write_text(text)
    (folder / "parts" / "parameters.yaml").write_text(PARAMETERS)
    (folder / "parts" / "order.json").write_text(json.dumps(order, indent=2))
    return folder / "shop.yaml"


def test_a_finding_points_at_what_is_in_another_file(tmp_path: Path) -> None:
    old = shop(tmp_path / "old")
    new = shop(tmp_path / "new", {**ORDER, "Status": {"enum": ["open", "paid"]}})
    judgment = compare(old, new, ())
    assert (judgment.backward, judgment.forward) == ("compatible", "incompatible")
    finding, order = sorted(judgment.findings, key=lambda each: each.rule, reverse=True)
    assert finding.place is not None
    assert finding.place.path == (tmp_path / "new" / "parts" / "order.json").as_posix()
    assert (finding.place.line, finding.place.column) == (14, 5)
    assert finding.schema == "GET /orders/{id}"
    assert finding.attribute == "response 200 as application/json: status"
    assert finding.message.startswith(
        "Old clients reading answers of new servers, `GET /orders/{id}`, response `200` as `application/json`: `status`"
    )
    assert finding.witness == '{"status": "paid"}'
    assert finding.aliases == ("json-schema-enum-narrowed",)
    assert order.message == (
        "Deploy clients first: new clients work with old servers, but old clients not with all new servers."
    )


def test_a_finding_points_into_yaml(tmp_path: Path) -> None:
    old = shop(tmp_path / "old")
    new = shop(tmp_path / "new", text=OLD.replace("        200:\n", "        2XX:\n").replace("/json", "/xml"))
    findings = {each.rule: each.place for each in compare(old, new, ()).findings}
    place = findings["openapi-media-type-missing"]
    assert place is not None
    assert (place.line, place.column, place.end_line, place.end_column) == (9, 9, 9, 12)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (document(), document(sent({"type": "integer"}, required=True)), "Deploy clients first"),
        (document(sent({"type": "integer"}, required=True)), document(), "Deploy servers first"),
        (document(), document(paths={}), "Deploy clients first"),
        (document(paths={}), document(), "Deploy servers first"),
        (document(answered({"type": "integer"})), document(answered({"type": "number"})), "Deploy clients first"),
        (document(answered({"type": "number"})), document(answered({"type": "integer"})), "Deploy servers first"),
        (document(answered({"type": "string"})), document(answered({"type": "integer"})), "Neither servers nor"),
        (
            document(version="3.1.0", webhooks={"paid": {"post": sent({"type": "integer"})}}),
            document(version="3.1.0", webhooks={"paid": {"post": sent({"type": "number"})}}),
            "Deploy clients first",
        ),
    ],
    ids=range(8),
)
def test_who_goes_first(old: Any, new: Any, message: str, tmp_path: Path) -> None:
    (found,) = (each for each in judged(tmp_path, old, new).findings if each.rule == "openapi-deployment-order")
    assert found.message.startswith(message)
    assert found.severity == "note"
    assert found.direction is None


def test_nobody_goes_first_where_nothing_breaks(tmp_path: Path) -> None:
    assert judged(tmp_path, document(sent(thing(a={}))), document(sent(thing(a={}, b={})))).findings == ()


def test_a_deprecated_operation_says_until_when(tmp_path: Path) -> None:
    old, ended = document(operation()), document(operation(deprecated=True, **{"x-sunset": "2031-01-31"}))
    (note,) = judged(tmp_path, old, ended).findings
    assert note.message == "`POST /things` is deprecated now, until 2031-01-31."
    gone = judged(tmp_path, ended, document(paths={})).findings
    (error,) = (each.message for each in gone if each.severity == "error")
    assert error == (
        "Old clients calling new servers, `POST /things`: it is not there. It was deprecated before. Its sunset is"
        " 2031-01-31."
    )
    (note,) = judged(tmp_path, old, document(operation(deprecated=True))).findings
    assert note.message == "`POST /things` is deprecated now, and does not say until when (`x-sunset`)."


BROKEN = {
    "": "`openapi` is not there",
    "[]": "`openapi` is not there",
    "swagger: '2.0'": "line 1, column 1: this is version 2.0, which is not known here; convert it to 3.0",
    "openapi: 4.0.0": "`openapi` is 4.0.0; known are versions 3.0 and 3.1",
    "openapi: [": "is no YAML",
    "a: *b": "is no YAML: found undefined alias",
    "a: &a [*a]": "is no YAML: an anchor that holds itself",
    "? [a]\n: b": "is no YAML: a key that is no scalar",
    "openapi: 3.0.0\npaths: {}": "this is not OpenAPI 3.0.0: 'info' is a required property",
    OLD.replace("      responses:", "      answers:"): "line 7, column 5: this is not OpenAPI 3.0.3",
    OLD.replace(
        "description: an order", "description: 5"
    ): "line 10, column 11: this is not OpenAPI 3.0.3: 5 is not of",
    OLD.replace("#/Order", "#/Odrer"): "line 13, column 15: `parts/order.json#/Odrer` does not exist",
    OLD.replace("order.json", "gone.json"): "gone.json` cannot be read: No such file or directory",
    OLD.replace("parts/order.json#", "https://example.com/order.json#"): "is not in a file beside this one",
    OLD.replace("parts/order.json#/Order", "#order"): "`#order` is not by a JSON pointer",
    OLD.replace(
        "parts/order.json#/Order", "#/paths/~1orders~1{id}/get/responses/200/content/application~1json/schema"
    ): ("leads back to itself"),
    "[" * 5000: "nested deeper than it can be followed",
}


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_document(text: str, tmp_path: Path) -> None:
    broken = shop(tmp_path / "broken", text=text)
    with pytest.raises(ContractError) as error:
        compare(shop(tmp_path / "good"), broken, ())
    assert BROKEN[text] in str(error.value)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = shop(tmp_path / "old")
    path.write_bytes(b"openapi: \xff")
    with pytest.raises(ContractError, match="is not in UTF-8, from byte 9 on"):
        compare(path, path, ())


def test_there_are_no_rules_to_select(tmp_path: Path) -> None:
    path = shop(tmp_path / "old")
    with pytest.raises(ContractError, match="nothing for --rules"):
        compare(path, path, ["buf:WIRE"])


@pytest.mark.parametrize(
    ("name", "text", "is_one"),
    [
        ("a.yaml", OLD, True),
        ("a.yml", "# words\n---\nopenapi: '3.1.0'", True),
        ("a.json", json.dumps(document()), True),
        ("a.json", '{"swagger":"2.0"}', True),
        ("a.yaml", "swagger: '2.0'", True),
        ("a.yaml", "title: openapi", False),
        ("a.json", '{"type": "object"}', False),
        ("a.txt", OLD, False),
    ],
)
def test_what_is_recognized(name: str, text: str, is_one: bool, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    assert recognizes(tmp_path / name) is is_one
    assert not recognizes(tmp_path)


def test_what_cannot_be_read_is_not_recognized(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"openapi: 3.0.0 \xff")
    assert not recognizes(tmp_path / "a.yaml")
    assert not recognizes(tmp_path / "gone.yaml")


def test_a_parameter_of_the_path_and_of_the_operation(tmp_path: Path) -> None:
    item = {"parameters": [parameter("q", schema={"type": "integer"})], "get": operation(parameter("q"))}
    same = {"get": operation(parameter("q"))}
    assert judged(tmp_path, document(paths={"/a": item}), document(paths={"/a": same})).findings == ()
