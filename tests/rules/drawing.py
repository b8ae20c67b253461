"""Draws small decision tables as DMN files."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from rules import Decision, read_table

MODEL = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def drawn(
    inputs: list[str | tuple[str, str]],
    rows: list[list[str]],
    *,
    hit: str = "UNIQUE",
    aggregation: str = "",
    outputs: tuple[str, ...] = ("out",),
    output_values: str = "",
    default: str = "",
    allowed: str = "",
    examples: str = "",
    namespace: str = MODEL,
) -> bytes:
    """A file with one table: inputs are names or (name, type); a row holds its input cells, then
    its output cells."""

    def text(tag: str, content: str) -> str:
        return f"<{tag}><text>{escape(content)}</text></{tag}>" if content else ""

    columns = ""
    for column in inputs:
        name, kind = (column, "") if isinstance(column, str) else column
        type_ref = f' typeRef="{kind}"' if kind else ""
        columns += f"<input><inputExpression{type_ref}><text>{escape(name)}</text></inputExpression>"
        columns += text("inputValues", allowed) + "</input>"
    for name in outputs:
        extra = text("outputValues", output_values) + text("defaultOutputEntry", default)
        columns += f"<output name={quoteattr(name)}>{extra}</output>"
    body = ""
    for number, row in enumerate(rows, 1):
        cells = [f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in row[: len(inputs)]]
        cells += [f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in row[len(inputs) :]]
        body += f'<rule id="r{number}">{"".join(cells)}</rule>'
    aggregated = f' aggregation="{aggregation}"' if aggregation else ""
    extension = f"<extensionElements>{examples}</extensionElements>" if examples else ""
    return (
        f'<definitions xmlns="{namespace}" xmlns:baton="urn:baton:dmn:1" id="d" name="d" namespace="urn:test">'
        f'<decision id="drawn" name="drawn">{extension}'
        f'<decisionTable hitPolicy="{hit}"{aggregated}>{columns}{body}</decisionTable></decision></definitions>'
    ).encode()


def table(inputs: list[str | tuple[str, str]], rows: list[list[str]], **more: object) -> Decision:
    """The drawn table, read."""
    (decision,) = read_table(drawn(inputs, rows, **more))  # type: ignore[arg-type]
    return decision
