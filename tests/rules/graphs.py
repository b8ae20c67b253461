"""Writes small DMN files of input data and literal expressions."""

from __future__ import annotations

from xml.sax.saxutils import escape

from tests.rules.drawing import MODEL


def model(*parts: str, more: str = "") -> bytes:
    inner = "".join(parts)
    return f'<definitions xmlns="{MODEL}" id="d" name="d" namespace="urn:test"{more}>{inner}</definitions>'.encode()


def data(name: str, type_ref: str = "") -> str:
    declared = f' typeRef="{type_ref}"' if type_ref else ""
    return f'<inputData id="{name}" name="{name}"><variable name="{name}"{declared}/></inputData>'


def decision(name: str, text: str, *needs: str, head: str = "") -> str:
    links = "".join(
        f'<informationRequirement><requiredInput href="#{need}"/></informationRequirement>' for need in needs
    )
    logic = f"<literalExpression><text>{escape(text)}</text></literalExpression>"
    return f'<decision id="{name}" name="{name}">{head}{links}{logic}</decision>'
