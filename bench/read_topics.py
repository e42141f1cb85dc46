#!/usr/bin/env python3
"""Reads every topic with confluent-kafka and its registry client: what a consumer that isn't ours sees.

    read_topics.py BOOTSTRAP REGISTRY_URL

prints the number of committed records with a value of each topic, in the order of their names; fails when one can't be read,
or when the registry does not answer as the client expects.
"""
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition
from confluent_kafka.schema_registry import Schema, SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.schema_registry.error import SchemaRegistryError
from confluent_kafka.serialization import MessageField, SerializationContext

bootstrap, url = sys.argv[1:3]
registry = SchemaRegistryClient({"url": url})


def refused(code, call, *arguments, **more):
    try:
        call(*arguments, **more)
    except SchemaRegistryError as error:
        assert error.error_code == code, (error.error_code, code)
    else:
        raise AssertionError(f"{call.__name__} should have been refused with {code}")


def ask(registry):
    """Every kind of request that the client makes for Avro schemas, on a subject that is gone afterwards."""
    subjects = registry.get_subjects()
    latest = registry.get_latest_version("pairs-value")
    assert registry.get_version("pairs-value", latest.version).schema_id == latest.schema_id
    assert registry.get_versions("pairs-value")[-1] == latest.version
    assert registry.lookup_schema("pairs-value", latest.schema).schema_id == latest.schema_id
    assert "pairs-value" in registry.get_subjects_by_schema_id(latest.schema_id)
    assert latest.version in [v.version for v in registry.get_schema_versions(latest.schema_id) if v.subject == "pairs-value"]
    assert registry.get_referenced_by("pairs-value", latest.version) == []
    assert registry.get_schema_types() == ["AVRO"]
    assert registry.test_compatibility("pairs-value", latest.schema)
    assert registry.test_compatibility_all_versions("pairs-value", latest.schema)
    assert registry.get_compatibility() == "FULL_TRANSITIVE"
    assert registry.get_global_mode() == "READWRITE"

    ours = "read-topics-check-value"
    schema = lambda fields: Schema('{"type": "record", "name": "Check", "fields": [%s]}' % fields, "AVRO")
    one, other = schema('{"name": "a", "type": "string"}'), schema('{"name": "b", "type": "string"}')
    assert registry.get_schema(registry.register_schema(ours, one)).schema_str
    assert registry.register_schema_full_response(ours, one).schema_id == registry.lookup_schema(ours, one).schema_id
    assert not registry.test_compatibility(ours, other)
    refused(409, registry.register_schema, ours, other)
    refused(40401, registry.get_versions, "nothing-value")
    refused(40402, registry.get_version, ours, 7)
    refused(40403, registry.get_schema, 999_999)
    refused(40408, registry.get_compatibility, ours)
    registry.set_compatibility(ours, "NONE")
    assert registry.get_compatibility(ours) == "NONE"
    registry.delete_config(ours)
    registry.delete_version(ours, 1)
    registry.delete_version(ours, 1, permanent=True)
    assert sorted(registry.get_subjects()) == sorted(subjects)


def read(topic, partitions):
    """Number of committed records that have a value; each must decode."""
    decode = AvroDeserializer(registry)
    context = SerializationContext(topic, MessageField.VALUE)
    consumer = Consumer({
        "bootstrap.servers": bootstrap,
        "group.id": "read-topics",
        "enable.auto.commit": False,
        "enable.partition.eof": True,
        "isolation.level": "read_committed",
        "fetch.message.max.bytes": 16 << 20,
    })
    consumer.assign([TopicPartition(topic, p, OFFSET_BEGINNING) for p in partitions])
    records, open_partitions = 0, set(partitions)
    while open_partitions:
        message = consumer.poll(10)
        if message is None:
            raise TimeoutError(f"{topic} gave nothing for 10 s before its end")
        if message.error():
            assert message.error().name() == "_PARTITION_EOF", message.error()
            open_partitions.discard(message.partition())
        elif message.value() is not None:
            assert isinstance(decode(message.value(), context), dict)
            message.key().decode()
            records += 1
    consumer.close()
    return records


ask(registry)
topics = Consumer({"bootstrap.servers": bootstrap, "group.id": "read-topics"}).list_topics(timeout=30).topics
internal = lambda name: name.startswith("_") or name.endswith(("-changelog", "-repartition"))
for name in sorted(topics):
    if not internal(name):
        print(f"{name}\t{read(name, list(topics[name].partitions))}", flush=True)
print(f"read with the schemas of {len(registry.get_subjects())} subjects")
