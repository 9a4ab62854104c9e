"""Only what differs is made into elements, and what an enum decides is not overlooked."""

from __future__ import annotations

from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorSet

from versioned_serde.check.descriptors.difference import DescriptorSet, Difference, name_of

ENUM = FieldDescriptorProto.TYPE_ENUM
INT32 = FieldDescriptorProto.TYPE_INT32
OPTIONAL = FieldDescriptorProto.LABEL_OPTIONAL


def described() -> FileDescriptorSet:
    found = FileDescriptorSet()
    for number in range(3):
        file = found.file.add(name=f"f{number}.proto", package="p", syntax="proto2")
        for each in range(3):
            message = file.message_type.add(name=f"M{number}{each}")
            message.field.add(name="a", number=1, type=INT32, label=OPTIONAL)
            message.nested_type.add(name="Inner").field.add(name="b", number=1, type=INT32, label=OPTIONAL)
    enum = found.file[0].enum_type.add(name="E")
    enum.value.add(name="A", number=1)
    enum.value.add(name="B", number=2)
    found.file[1].message_type[0].field.add(name="e", number=2, type=ENUM, type_name=".p.E", label=OPTIONAL)
    return found


def difference(old: FileDescriptorSet, new: FileDescriptorSet) -> Difference:
    return Difference(*(DescriptorSet.of_bytes(each.SerializeToString()) for each in (old, new)))


def test_of_the_same_set_nothing_is_opened() -> None:
    same = difference(described(), described())
    assert [same.before.messages, same.after.messages, same.before.enums] == [{}, {}, {}]


def test_only_the_message_that_differs_is_opened() -> None:
    changed = described()
    changed.file[2].message_type[1].field[0].name = "c"
    found = difference(described(), changed)
    assert list(found.before.messages) == list(found.after.messages) == ["p.M21"]
    ((old, new, alike),) = found.messages()
    assert alike
    assert [(before.name, now.name) for before, now in found.fields(old, new, alike)] == [("a", "c")]


def test_a_file_of_another_syntax_is_opened_as_a_whole() -> None:
    changed = described()
    changed.file[2].syntax = "proto3"
    found = difference(described(), changed)
    assert len(found.before.messages) == 6
    assert len([field for triple in found.messages() for field in found.fields(*triple)]) == 6


def test_a_message_that_moved_to_another_file_is_opened_on_both_sides() -> None:
    changed = described()
    changed.file[1].message_type.add().CopyFrom(changed.file[2].message_type.pop(0))
    found = difference(described(), changed)
    assert sorted(found.before.messages) == sorted(found.after.messages) == ["p.M20", "p.M20.Inner"]
    assert list(found.messages()) == []


def test_users_of_an_enum_with_another_first_number_are_opened() -> None:
    changed = described()
    changed.file[0].enum_type[0].value[0].number, changed.file[0].enum_type[0].value[1].number = 2, 1
    found = difference(described(), changed)
    assert found.enums_with_other_zero == {".p.E"}
    assert [field.name for triple in found.messages() for field, _ in found.fields(*triple)] == ["e"]


def test_the_name_of_a_descriptor_wherever_it_stands() -> None:
    message = described().file[0].message_type[0]
    data = message.SerializeToString()
    assert name_of(data) == "M00"
    assert name_of(data[5:] + data[:5]) == "M00"
    message.name = "N" * 200
    assert name_of(message.SerializeToString()) == "N" * 200


def test_only_the_fields_that_differ_are_looked_at() -> None:
    changed = described()
    message = changed.file[1].message_type[0]
    message.field[1].name = "f"
    message.field.add(name="g", number=3, type=INT32, label=OPTIONAL)
    found = difference(described(), changed)
    ((old, new, alike),) = found.messages()
    assert found.only_fields(old, new)
    assert [list(each) for each in found.changed(old, new)] == [[2], [2, 3]]
    assert [(before.path, now.path, now.message) for before, now in found.fields(old, new, alike)] == [
        ((4, 0, 2, 1), (4, 0, 2, 1), new)
    ]
    assert [each.name for each in new.proto.field] == ["a", "f", "g"]


def test_a_message_that_differs_beside_its_fields_is_opened_with_what_is_in_it() -> None:
    changed = described()
    changed.file[2].message_type[1].nested_type[0].field[0].name = "c"
    found = difference(described(), changed)
    assert list(found.before.messages) == ["p.M21", "p.M21.Inner"]
    assert [found.only_fields(old, new) for old, new, _ in found.messages()] == [False, False]


def test_fields_in_another_order_are_the_same() -> None:
    changed = described()
    fields = changed.file[1].message_type[0].field
    fields.insert(0, fields.pop())
    found = difference(described(), changed)
    assert [field for triple in found.messages() for field in found.fields(*triple)] == []
