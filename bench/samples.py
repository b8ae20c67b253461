"""Leads to send, all different people, all complete: they go straight to a dealer."""

from __future__ import annotations

from typing import Any

CITIES = ("北京", "上海", "广州", "成都", "武汉", "西安", "杭州", "南京")
MODELS = ("傲虎", "森林人", "旭豹", "力狮", "BRZ", "翼豹WRX")
WISHES = {"H": "一周内", "A": "两周内", "B": "一个月内"}
"""What a customer says who is of a grade."""


def a_lead(number: int, grade: str | None = None) -> dict[str, Any]:
    """The body of a submission; grades take turns unless one is asked for."""
    wishes = tuple(WISHES.values())
    return {
        "name": "华桂珍",
        "phone": str(13_800_200_000 + number * 37),
        "model": MODELS[number % len(MODELS)],
        "budget": "25-30万",
        "purchase_time": WISHES[grade] if grade else wishes[number % len(wishes)],
        "city": CITIES[number % len(CITIES)],
        "channel": ["厂商", "垂直媒体", "懂车帝"],
    }
