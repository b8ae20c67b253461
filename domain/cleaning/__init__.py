"""Readers of what people type: pure, total (they never raise on a text), each from one field to one
value.

What a reading means for a lead is no reader's business: the ``validity``, ``cleaning`` and
``grade`` tables decide.
"""

from domain.cleaning.budget import BudgetReading, read_budget
from domain.cleaning.called import read_called
from domain.cleaning.count import read_count
from domain.cleaning.email import read_email
from domain.cleaning.flag import is_flag, read_flag
from domain.cleaning.gazetteer import Place, distance_km, gazetteer, place_of
from domain.cleaning.gender import Gender, is_gender, read_gender
from domain.cleaning.grade import read_grade
from domain.cleaning.horizon import is_undecided, read_horizon
from domain.cleaning.instant import read_instant
from domain.cleaning.model import Known, read_model
from domain.cleaning.name import Honorific, NameKind, NameReading, read_name
from domain.cleaning.note import NoteReading, read_note
from domain.cleaning.phone import PhoneKind, PhoneReading, read_phone
from domain.cleaning.pinyin import pinyin_key
from domain.cleaning.place import PlaceKind, PlaceReading, read_place
from domain.cleaning.plate import read_plate
from domain.cleaning.similar import SUSPECT, Person, is_suspect, likeness
from domain.cleaning.text import is_blank, tidy
from domain.cleaning.wechat import WechatReading, labelled_wechat, read_wechat

__all__ = [
    "SUSPECT",
    "BudgetReading",
    "Gender",
    "Honorific",
    "Known",
    "NameKind",
    "NameReading",
    "NoteReading",
    "Person",
    "PhoneKind",
    "PhoneReading",
    "Place",
    "PlaceKind",
    "PlaceReading",
    "WechatReading",
    "distance_km",
    "gazetteer",
    "is_blank",
    "is_flag",
    "is_gender",
    "is_suspect",
    "is_undecided",
    "labelled_wechat",
    "likeness",
    "pinyin_key",
    "place_of",
    "read_budget",
    "read_called",
    "read_count",
    "read_email",
    "read_flag",
    "read_gender",
    "read_grade",
    "read_horizon",
    "read_instant",
    "read_model",
    "read_name",
    "read_note",
    "read_phone",
    "read_place",
    "read_plate",
    "read_wechat",
    "tidy",
]
