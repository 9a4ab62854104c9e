"""Records of the framing `inline`, and records that are refused."""

from __future__ import annotations

from typing import Any

from tests.envelope.vectors.common import MAX, SCHEMA, Vector

TAG = '"$serde":{"schema":"shop.order","version":3,"min_reader":2}'


def inline_reads(name: str, record: str, payload: str, *, written: bool = True, **tag: Any) -> Vector:
    """`written`: a writer of version 1 makes exactly this record from this tag and payload."""
    facts = {"schema": SCHEMA, "version": 3, "min_reader": 2, "mixed": False} | tag
    return {"name": name, "record": record, "tag": facts, "payload": payload, "written": written}


def tagged(facts: str) -> str:
    return f'{{"$serde":{facts},"id":7}}'


def inline() -> list[Vector]:
    lexemes = '"a":1.10,"b":1e400,"c":-0,"d":123456789012345678901234567890,"e":"\\u00e9\\ud800","f":[{"a":1,"a":2}]'
    vectors = [
        inline_reads("object", f'{{{TAG},"id":7}}', '{"id":7}'),
        inline_reads("empty object", f"{{{TAG}}}", "{}"),
        inline_reads("lexemes survive", f"{{{TAG},{lexemes}}}", f"{{{lexemes}}}"),
        inline_reads("blanks inside values survive", f'{{{TAG},"a":[ 1,\t2 ]}}', '{"a":[ 1,\t2 ]}'),
        inline_reads("outside ASCII", f'{{{TAG},"é":"日本"}}', '{"é":"日本"}'),
        inline_reads("nested names are not escaped", f'{{{TAG},"a":{{"$serde":1}}}}', '{"a":{"$serde":1}}'),
        inline_reads("collides", f'{{{TAG},"$$serde":1,"$$value":2}}', '{"$serde":1,"$value":2}'),
        inline_reads("collides when escaped", f'{{{TAG},"$$$$serde":1}}', '{"$$$serde":1}'),
        inline_reads("does not collide", f'{{{TAG},"$serde2":1,"$":2,"x$serde":3}}', '{"$serde2":1,"$":2,"x$serde":3}'),
        inline_reads("tag last", f'{{"id":7,{TAG}}}', '{"id":7}', written=False),
        inline_reads("tag in the middle", f'{{"id":7,{TAG},"z":1}}', '{"id":7,"z":1}', written=False),
        inline_reads("blanks", f' {{\n{TAG.replace(":", " : ")} ,\t"id":7\r\n}} ', '{"id":7}', written=False),
        inline_reads("tag's name with escapes", f'{{"\\u0024serd\\u0065"{TAG[8:]},"id":7}}', '{"id":7}', written=False),
        inline_reads("escaped collision", f'{{{TAG},"\\u0024$serde":7}}', '{"$serde":7}', written=False),
    ]
    values = ("[1,2]", "[]", '"text"', '"$serde"', "1.10", "1e400", "true", "null")
    vectors += [inline_reads(f"wrapped {value}", f'{{{TAG},"$value":{value}}}', value) for value in values]
    vectors.append(inline_reads("wrapper first", f'{{"$value":[1],{TAG}}}', "[1]", written=False))
    for number in (1, 127, 128, 16_383, 16_384, MAX):
        for least in sorted({1, number}):
            facts = f'{{"schema":"shop.order","version":{number},"min_reader":{least}}}'
            name = f"version {number}, min_reader {least}"
            vectors.append(inline_reads(name, tagged(facts), '{"id":7}', version=number, min_reader=least))
    mixed = '{"schema":"shop.order","version":3,"min_reader":2,"mixed":true}'
    vectors.append(inline_reads("mixed", tagged(mixed), '{"id":7}', mixed=True))
    for schema in ("a", "A-b_c.9", "n" * 200):
        facts = f'{{"schema":"{schema}","version":3,"min_reader":2}}'
        vectors.append(inline_reads(f"schema {schema[:8]}", tagged(facts), '{"id":7}', schema=schema))
    for name, facts in (
        ("members in another order", '{"min_reader":2,"version":3,"schema":"shop.order"}'),
        ("private members", '{"schema":"shop.order","x_a":1.5,"version":3,"min_reader":2,"x_":{"version":4}}'),
    ):
        vectors.append(inline_reads(name, tagged(facts), '{"id":7}', written=False))
    return vectors + inline_refused()


def inline_refused() -> list[Vector]:
    def facts(schema: str = '"shop.order"', version: str = "3", min_reader: str = "2", more: str = "") -> str:
        return tagged(f'{{"schema":{schema},"version":{version},"min_reader":{min_reader}{more}}}')

    cases: list[tuple[str, str, str]] = [
        ("no reserved member", "no-tag", '{"id":7}'),
        ("no object", "no-tag", '["$serde"]'),
        ("nested member", "no-tag", f'{{"id":{{{TAG}}}}}'),
        ("wrapper without a tag", "no-tag", '{"$value":[1]}'),
        ("escaped member", "no-tag", f'{{"$${TAG[2:]}}}'),
        ("cut", "not-json", f'{{{TAG},"id":7'),
        ("trailing comma", "not-json", f"{{{TAG},}}"),
        ("no comma", "not-json", f'{{{TAG} "id":7}}'),
        ("bytes after the end", "not-json", f"{{{TAG}}}{{}}"),
        ("NaN", "not-json", f'{{{TAG},"id":NaN}}'),
        ("infinity in the tag", "not-json", facts(more=',"x_a":-Infinity')),
        ("name without quotes", "not-json", f"{{{TAG},id:7}}"),
        ("leading zero", "not-json", f'{{{TAG},"id":07}}'),
        ("raw line feed in a string", "not-json", f'{{{TAG},"id":"\n"}}'),
        ("byte-order mark", "not-json", f"\ufeff{{{TAG}}}"),
        ("no-break space", "not-json", f"{{\u00a0{TAG}}}"),
        ("tag twice", "duplicate-member", f'{{{TAG},"id":7,{TAG}}}'),
        ("tag twice, once with escapes", "duplicate-member", f'{{{TAG},"\\u0024serde":{{}}}}'),
        ("other member twice", "duplicate-member", f'{{{TAG},"id":7,"id":7}}'),
        ("other member twice, once with escapes", "duplicate-member", f'{{{TAG},"id":7,"\\u0069d":7}}'),
        ("wrapper twice", "duplicate-member", f'{{{TAG},"$value":1,"$value":1}}'),
        ("version twice", "duplicate-member", facts(more=',"version":3')),
        ("private member twice", "duplicate-member", facts(more=',"x_a":1,"x_a":1')),
        ("name twice within a private member", "duplicate-member", facts(more=',"x_a":[{"b":1,"b":1}]')),
        *((f"tag is {value}", "malformed-tag", tagged(value)) for value in ("3", "null", "[]", '"shop.order"', "{}")),
        ("no schema", "malformed-tag", tagged('{"version":3,"min_reader":2}')),
        ("no version", "malformed-tag", tagged('{"schema":"shop.order","min_reader":2}')),
        ("no min_reader", "malformed-tag", tagged('{"schema":"shop.order","version":3}')),
        ("schema is a number", "malformed-tag", facts(schema="7")),
        ("schema is null", "malformed-tag", facts(schema="null")),
        *((f"mixed is {v}", "malformed-tag", facts(more=f',"mixed":{v}')) for v in ("false", "1", "null", '"true"')),
        ("member of a later format", "unknown-member", facts(more=',"codec":1')),
        ("member in capitals", "unknown-member", facts(more=',"Mixed":true')),
        ("member with x-", "unknown-member", facts(more=',"x-a":1')),
        ("empty schema", "bad-schema-name", facts(schema='""')),
        ("schema of 201 characters", "bad-schema-name", facts(schema=f'"{"n" * 201}"')),
        ("schema with a space", "bad-schema-name", facts(schema='"shop order"')),
        ("schema outside ASCII", "bad-schema-name", facts(schema='"shöp"')),
        ("schema with a line feed at its end", "bad-schema-name", facts(schema='"shop.order\\n"')),
        *(
            (f"version {value}", "bad-version", facts(version=value))
            for value in ("0", "-1", "-0", "3.0", "3e0", "true", '"3"', "null", "[3]", str(MAX + 1), "9" * 5000)
        ),
        *(
            (f"min_reader {value}", "bad-min-reader", facts(min_reader=value))
            for value in ("0", "-1", "4", "2.0", "true", '"2"', "null", str(MAX))
        ),
        ("wrapper beside a member", "bad-wrapper", f'{{{TAG},"$value":1,"id":7}}'),
        ("wrapper beside an escaped member", "bad-wrapper", f'{{{TAG},"$$value":2,"$value":1}}'),
        ("wrapped object", "bad-wrapper", f'{{{TAG},"$value":{{"id":7}}}}'),
        ("wrapped empty object", "bad-wrapper", f'{{{TAG},"$value": {{}}}}'),
    ]
    vectors: list[Vector] = [{"name": name, "record": record, "reason": reason} for name, reason, record in cases]
    for name, record in (("not UTF-8", b"\xff"), ("half a character", b"\xc3"), ("surrogate", b"\xed\xa0\x80")):
        whole = f'{{{TAG},"id":"'.encode() + record + b'"}'
        vectors.append({"name": name, "record_hex": whole.hex(), "reason": "not-json"})
    return vectors
