"""Promises that our words and paths are those of the registry's own description of its API."""

from __future__ import annotations

import pytest
import yaml

from evidence import vocab
from evidence.registries import ctgov, ctgov_arms, ctgov_contacts, ctgov_xml

PLAIN = {"integer": int, "string": str}


class Asked(dict):
    """A study with every field that the description knows; asked for another, it fails."""

    def get(self, key, default=None):
        assert key in self, f"the API has no field {key}"
        return super().get(key, default)


@pytest.fixture(scope="module")
def schemas(registry_folder):
    path = registry_folder / "schema" / "ctg-oas-v2_2.0.3.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))["components"]["schemas"]


def example(schemas, schema):
    """Make up a value of a schema with all its fields."""
    if "$ref" in schema:
        return example(schemas, schemas[schema["$ref"].rpartition("/")[2]])
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        fields = schema.get("properties", {})
        return Asked({name: example(schemas, each) for name, each in fields.items()})
    if kind == "array":
        return [example(schemas, schema["items"])]
    return {"integer": 5, "number": 5.0, "boolean": True}.get(kind, "2015-09-03")


def test_every_field_that_is_read_is_one_of_the_api(schemas):
    made = example(schemas, schemas["Study"])
    made["protocolSection"]["identificationModule"]["nctId"] = "NCT01234567"
    record = ctgov.read(made)
    empty = {name for name in record.__slots__ if getattr(record, name) in (None, ())}
    # A date is no age, no other number and no former one; the rest was found where it was sought.
    assert empty == {"aliases", "other_ids", "min_age_days", "max_age_days", "data_date"}


def test_a_field_that_the_api_does_not_have_would_be_noticed(schemas):
    made = example(schemas, schemas["Study"])
    with pytest.raises(AssertionError, match="no field nctID"):
        made["protocolSection"]["identificationModule"].get("nctID")


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("Status", vocab.RecruitmentStatus.values),
        ("Phase", vocab.Phase.values),
        ("ArmGroupType", ctgov_arms.ARM_KINDS),
        ("InterventionType", ctgov_arms.INTERVENTION_KINDS),
        ("EnrollmentType", ctgov.ENROLMENT_TYPES),
        ("DesignAllocation", ctgov.ALLOCATIONS),
        ("ReferenceType", ctgov.REFERENCE_KINDS),
    ],
)
def test_our_words_are_all_that_the_api_knows(schemas, name, ours):
    assert {*ours} == {*schemas[name]["enum"]}


def test_the_kinds_of_study_are_those_that_a_design_is_read_from(schemas):
    assert {*schemas["StudyType"]["enum"]} == {"EXPANDED_ACCESS", "INTERVENTIONAL", "OBSERVATIONAL"}


def test_what_is_kept_of_a_study_is_of_the_api(schemas):
    assert {*ctgov_contacts.SECTIONS} == {*schemas["Study"]["properties"]}
    fields = {*schemas["Location"]["properties"]}
    assert fields - {"contacts"} == {*ctgov_contacts.LOCATION}


def faults(schemas, schema, value, path="study"):
    """Give the places at which a value is not what a schema says."""
    if "$ref" in schema:
        yield from faults(schemas, schemas[schema["$ref"].rpartition("/")[2]], value, path)
        return
    kind = schema.get("type")
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r}"
    if kind == "object":
        fields = schema.get("properties", {})
        for name, each in value.items() if isinstance(value, dict) else [("", value)]:
            if name not in fields:
                yield f"{path}.{name}"
            else:
                yield from faults(schemas, fields[name], each, f"{path}.{name}")
    elif kind == "array":
        for each in value if isinstance(value, list) else [value]:
            yield from faults(schemas, schema["items"], each, f"{path}[]")
    elif kind in PLAIN and not isinstance(value, PLAIN[kind]):
        yield f"{path}: {value!r}"


def test_a_legacy_record_becomes_a_study_of_the_api(registry_folder, schemas):
    for path in sorted((registry_folder / "ctgov_legacy_xml_il2").glob("*.xml")):
        made = ctgov_xml.study(path.read_bytes())
        assert [*faults(schemas, schemas["Study"], made)] == [], path.name
