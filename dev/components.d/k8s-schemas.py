"""Writes one strict JSON schema for each kind of object in a Kubernetes API description.

Usage: k8s-schemas.py swagger.json FOLDER. The files are named as kubeconform expects: KIND-GROUP-VERSION.json.
"""

import json
import pathlib
import sys

PREFIX = "#/definitions/"


def strict(node):
    """Returns the schema without unknown properties, and with references into `definitions`."""
    if isinstance(node, list):
        return [strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    schema = {key: strict(value) for key, value in node.items() if not key.startswith("x-kubernetes-")}
    if schema.get("format") == "int-or-string":  # the description calls it a string
        return {"anyOf": [{"type": "string"}, {"type": "integer"}]}
    if isinstance(schema.get("properties"), dict):
        schema.setdefault("additionalProperties", False)
    return schema


def references(node, found):
    """Adds the names of all definitions below the node."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            found.add(node["$ref"].removeprefix(PREFIX))
        for value in node.values():
            references(value, found)
    elif isinstance(node, list):
        for value in node:
            references(value, found)


def closure(name, definitions):
    """Returns the names of all definitions that one needs, without itself."""
    needed, left = set(), [name]
    while left:
        found = set()
        references(definitions[left.pop()], found)
        left.extend(found - needed)
        needed |= found
    return needed - {name}


def main(swagger, folder):
    definitions = json.loads(pathlib.Path(swagger).read_text())["definitions"]
    # A quantity may be written as a number, too.
    for name in definitions:
        if name.endswith("api.resource.Quantity"):
            definitions[name] = {"anyOf": [{"type": "string"}, {"type": "number"}]}
    schemas = {name: strict(definition) for name, definition in definitions.items()}
    target = pathlib.Path(folder)
    target.mkdir()
    for name, definition in definitions.items():
        for kind in definition.get("x-kubernetes-group-version-kind", []):
            group = kind["group"].split(".")[0]
            parts = [kind["kind"].lower(), *([group] if group else []), kind["version"]]
            schema = dict(schemas[name])
            schema["definitions"] = {needed: schemas[needed] for needed in closure(name, schemas)}
            (target / ("-".join(parts) + ".json")).write_text(json.dumps(schema))


main(*sys.argv[1:])
