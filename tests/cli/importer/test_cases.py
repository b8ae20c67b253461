"""Files of the kinds that other products' users reported, where they lie beside the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.importer.problems import ImportProblem
from cli.importer.reading import read

FOLDER = Path(__file__).parents[4] / "shared" / "cases" / "csv"

ROWS = {
    "enc_big5.csv": (1, 0),
    "enc_cp1252_smart.csv": (1, 0),
    "enc_latin1_name.csv": (1, 0),
    "enc_mixed_one_bad_byte.csv": (1, 1),
    "enc_nul.csv": (1, 1),
    "enc_utf8_truncated_last.csv": (2, 1),
    "enc_utf8_with_gbk_cell.csv": (1, 1),
    "g_channel_levels.csv": (4, 0),
    "g_channel_names.csv": (13, 0),
    "g_dotzero.csv": (1, 0),
    "g_flags.csv": (19, 0),
    "g_grade.csv": (18, 0),
    "g_scientific.csv": (3, 0),
    "g_stated_at.csv": (23, 0),
    "g_trailing_spaces.csv": (1, 0),
    "h_created_and_stated.csv": (1, 0),
    "h_empty_columns.csv": (1, 0),
    "h_long_row_unquoted_comma.csv": (0, 1),
    "h_model_and_series.csv": (1, 0),
    "h_name_twice.csv": (1, 0),
    "h_province_city.csv": (1, 0),
    "h_short_rows.csv": (1, 0),
    "h_title_row.csv": (1, 0),
    "h_total_row.csv": (1, 0),
    "h_trailing_comma_rows.csv": (1, 0),
    "h_two_header_rows_merged.csv": (1, 0),
    "q_apostrophe.csv": (1, 0),
    "q_curly_quotes.csv": (1, 0),
    "q_excel_text_formula.csv": (1, 0),
    "q_excel_text_formula_quoted.csv": (1, 0),
    "q_single_quotes.csv": (1, 0),
    "q_unbalanced.csv": (6, 0),
    "sep_comma_header_multiline.csv": (1, 0),
    "sep_semicolon_header_has_commas.csv": (1, 0),
    "sep_tab_header_multiline_first.csv": (1, 0),
    "h_case_width.csv": None,
    "day.csv": (7, 0),
    "day_fixed.csv": (7, 0),
    "day_sorted.csv": (7, 0),
}
"""File → rows that are sent as leads and rows refused for their form; ``None``: there is no column
for the channel. All others hold two leads, those of one heading (``hv_``) one."""


def test_each_file_gives_its_leads() -> None:
    files = sorted(FOLDER.glob("**/*.csv")) + sorted(FOLDER.glob("*.txt"))
    if not files:
        pytest.skip(f"no files of cases in {FOLDER}")
    found = {path.name: _counts(path) for path in files}

    expected = {name: ROWS.get(name, (1 if name.startswith("hv_") else 2, 0)) for name in found}
    assert found == expected


def _counts(path: Path) -> tuple[int, int] | None:
    try:
        rows = list(read(path).rows)
    except ImportProblem as problem:
        assert "no column for the channel" in str(problem)
        return None
    return sum(row.lead is not None for row in rows), sum(row.lead is None for row in rows)
