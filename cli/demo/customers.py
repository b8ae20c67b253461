"""Customers as channels send them: Chinese, lively, and as dirty as real life (A2, A3)."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any, Final

from faker import Faker

Submission = dict[str, Any]

MODELS: Final = ("森林人", "傲虎", "旭豹", "力狮", "翼豹WRX", "BRZ", "Forester", "XV")
BUDGETS: Final = ("25万左右", "20-25万", "30万以内", "二十多万", "25-30万", "落地28万")
SOON: Final = ("一周内", "三天内", "两周内", "半个月内", "一个月内")
LATER: Final = ("两个月后", "三个月内", "半年内", "明年")
CITIES: Final = ("北京", "上海", "广州", "深圳", "杭州", "南京", "成都", "西安", "武汉", "青岛", "沈阳", "厦门", "昆明")
NOTES: Final = ("想试驾", "周末有空看车", "比较CR-V", "有旧车置换", "全款", "问贷款方案", "")
CHANNELS: Final = (
    "maker.vertical.autohome",
    "maker.vertical.dongchedi",
    "maker.vertical.yiche",
    "maker.website.test_drive",
    "maker.social.douyin",
    "maker.social.wechat",
    "maker.app.owner",
    "dealer.showroom.walk_in",
    "dealer.event.weekend_drive",
)
PREFIXES: Final = ("138", "139", "136", "150", "158", "186", "177", "189")


class Customers:
    """Makes people up; the same seed makes up the same people."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._faker = Faker("zh_CN")
        self._faker.seed_instance(seed)
        self._sent: list[Submission] = []
        self._phones: set[str] = set()

    def name(self) -> str:
        return self._faker.name()

    def phone(self) -> str:
        """A mobile number that nobody of this crowd has, and that no test-number rule knows."""
        while True:
            digits = f"{self._random.choice(PREFIXES)}{self._random.randrange(10_000_000, 100_000_000)}"
            if digits not in self._phones and len(set(digits[-8:])) > 4:
                self._phones.add(digits)
                return digits

    def clear(self, **changes: Any) -> Submission:
        """Everything is known and the purchase is near: no call is needed."""
        return self._keep(
            {
                "name": self.name(),
                "phone": self.phone(),
                "model": "森林人",
                "budget": "25万左右",
                "purchase_time": "两周内",
                "city": self._random.choice(CITIES),
                "channel": "maker.vertical.autohome",
                **changes,
            }
        )

    def vague(self, **changes: Any) -> Submission:
        """Neither budget nor time is known: the call centre has to ask."""
        return self.clear(**{"budget": None, "purchase_time": None, "model": None, **changes})

    def patient(self, **changes: Any) -> Submission:
        """Wants a car some day: to be nurtured."""
        return self.clear(**{"purchase_time": self._random.choice(("两个月后", "三个月内")), **changes})

    def stream(self) -> Iterator[Submission]:
        """Leads without end, as a day's channels bring them."""
        makers, weights = zip(*self._mixture(), strict=True)
        while True:
            yield self._random.choices(makers, weights)[0]()

    def _mixture(self) -> tuple[tuple[Callable[[], Submission], float], ...]:
        return (
            (lambda: self.clear(**self._wishes(SOON)), 45),
            (lambda: self.patient(**self._wishes(LATER)), 18),
            (lambda: self.vague(channel=self._random.choice(CHANNELS)), 15),
            (self._dirty, 10),
            (self._repeat, 7),
            (self._test, 5),
        )

    def _wishes(self, times: tuple[str, ...]) -> Submission:
        pick = self._random.choice
        return {
            "model": pick(MODELS),
            "budget": pick(BUDGETS),
            "purchase_time": pick(times),
            "channel": pick(CHANNELS),
            "note": pick(NOTES) or None,
            "test_drive": self._random.random() < 0.3,
        }

    def _dirty(self) -> Submission:
        """The same facts as people really type them."""
        given = self.clear(**self._wishes(SOON))
        phone = given["phone"]
        spelt = (f"+86 {phone[:3]}-{phone[3:7]}-{phone[7:]}", f" {phone[:3]} {phone[3:7]} {phone[7:]} ", phone[:-2])
        return given | {
            "phone": self._random.choice(spelt),
            "city": f"{given['city']}市",
            "name": f" {given['name']}",
            "budget": self._random.choice(("25w", "20~25 万元", "便宜点就行")),
        }

    def _repeat(self) -> Submission:
        """Somebody who left a number before does so again, elsewhere."""
        if not self._sent:
            return self.clear()
        return self._random.choice(self._sent[-40:]) | {"channel": self._random.choice(CHANNELS)}

    def _test(self) -> Submission:
        """What a web form's tester leaves behind."""
        return {
            "name": self._random.choice(("测试", "test", "张三测试")),
            "phone": self._random.choice(("13800000000", "12345678901", "11111111111")),
            "model": "森林人",
            "channel": "maker.website.test_drive",
        }

    def _keep(self, submission: Submission) -> Submission:
        known = {name: value for name, value in submission.items() if value is not None}
        self._sent.append(known)
        return known
