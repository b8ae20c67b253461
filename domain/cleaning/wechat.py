"""WeChat ids as people type them: with their label (微信:abc), as a phone number, or as "the same as
the phone"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.cleaning.phone import PhoneKind, read_phone
from domain.cleaning.text import is_blank, tidy


@dataclass(frozen=True, slots=True)
class WechatReading:
    """``id`` without label. ``phone``: it is a mobile number (E.164), too. ``same``: it says "as
    the phone"."""

    id: str | None = None
    phone: str | None = None
    same: bool = False


# vx123 and wx_abc may be ids themselves: a Latin label needs something between it and the id.
_LABEL = re.compile(
    r"(?:加?(?:我的?)?(?:微信|威信|薇信|v信)(?:号码?|id)?[\s:=是为]*|(?:wechat|weixin|vx|wx|v|w)(?:\s?id)?\s*[:=\s]\s*)",
    re.IGNORECASE,
)
_SAME = re.compile(
    r"(?:手机|电话|号码?|微信)*(?:和|与|跟)?(?:手机|电话|微信|上面?)*号?码?(?:相?同|一样|一致)[^a-z0-9]*", re.IGNORECASE
)
_NUMBER = re.compile(r"(?:vx|wx|v|tel)?[+(]?[0-9][0-9 +()\-.]*", re.IGNORECASE)
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_\-]{4,19}")


def read_wechat(text: object) -> WechatReading:
    """Read one WeChat cell. Never raises."""
    typed = tidy(text)
    if is_blank(typed):
        return WechatReading()
    if _SAME.fullmatch(typed):
        return WechatReading(same=True)
    bare = _LABEL.sub("", typed, count=1) if _LABEL.match(typed) else typed
    bare = re.sub(r"(?<=\S)\s*\(.*$", "", bare).strip(" :()[]\"'，,。.")
    if is_blank(bare):
        return WechatReading()
    number = read_phone(bare) if _NUMBER.fullmatch(bare) else None
    if number and number.kind is PhoneKind.MOBILE and number.e164 and number.extension is None:
        return WechatReading(number.e164.removeprefix("+86"), None if number.test_number else number.e164)
    return WechatReading(bare)


def labelled_wechat(text: object) -> str | None:
    """The id in a cell for a phone number that holds a labelled WeChat id instead (微信:abc123)."""
    typed = tidy(text)
    label = _LABEL.match(typed)
    bare = typed[label.end() :] if label else ""
    return bare if _ID.fullmatch(bare) else None
