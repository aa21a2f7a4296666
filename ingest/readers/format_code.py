"""Number format codes of spreadsheets, split into sections and tokens."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Token: TypeAlias = tuple[str, str]  # kind and text

TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?'
    r"|\\(?P<escaped>.)|_(?P<gap>.)|\*(?P<fill>.)"
    r"|\[(?P<elapsed>[hH]+|[mM]+|[sS]+)\]|\[(?P<bracket>[^\]]*)\]"
    r"|(?P<general>[Gg]eneral|G/標準)|(?P<half>AM/PM|am/pm|A/P|a/p|午前/午後)"
    r"|(?P<exponent>[Ee][+-][0#?]+)|(?P<year>[yY]+)|(?P<month>[mM]+)|(?P<day>[dD]+)|(?P<hour>[hH]+)"
    r"|(?P<second>[sS]+(?:\.0+)?)|(?P<weekday>a{3,4}|A{3,4})|(?P<era>[gG]+)|(?P<era_year>[eErR]+)"
    r"|(?P<digit>[0#?]+)|(?P<point>\.)|(?P<comma>,)|(?P<percent>[%％])|(?P<slash>/)|(?P<text>@)|(?P<other>.)",
    re.DOTALL,
)
CURRENCY = re.compile(r"\$([^-]*)(?:-(.*))?")
CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]{1,20})")
NUMERALS = re.compile(r"DBNum([1-3])", re.IGNORECASE)
COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}
LITERALS = ("quoted", "escaped", "other")
MAX_CODE = 1000  # Excel takes 255 characters


@dataclass(frozen=True, slots=True)
class Section:
    """One of up to four parts of a format: for numbers above zero, below, zero, and texts.

    Attributes:
        tokens: Kinds as `TOKEN` names them; texts to show are "literal".
        condition: Comparison and number that choose the section, if it has one.
        is_grouped: Whether thousands are set apart.
        n_thousands: How often the number is divided by a thousand.
        numerals: The digit of [DBNum1] and the like, "" for ordinary digits.
        first_is_gannen: Whether the first year of an era is written 元.
    """

    tokens: Sequence[Token]
    condition: tuple[str, float] | None = None
    is_grouped: bool = False
    n_thousands: int = 0
    numerals: str = ""
    first_is_gannen: bool = False

    def holds(self, value: float) -> bool:
        """Whether its condition does; one without holds always."""
        return self.condition is None or COMPARE[self.condition[0]](value, self.condition[1])


def read_sections(code: str) -> Sequence[Section]:
    """The sections of a code, at least one."""
    parts: list[list[re.Match[str]]] = [[]]
    for found in TOKEN.finditer(code[:MAX_CODE]):
        if found["other"] == ";":
            parts.append([])
        else:
            parts[-1].append(found)
    return [_section(part) for part in parts]


def _section(found: Sequence[re.Match[str]]) -> Section:
    tokens: list[Token] = []
    condition, numerals, is_gannen = None, "", False
    for match in found:
        kind = match.lastgroup or "other"
        text = match[kind] or ""
        if kind == "bracket":
            compared, counted = CONDITION.match(text), NUMERALS.match(text)
            money = CURRENCY.match(text)
            if compared:
                condition = (compared[1], _float(compared[2]))
            numerals = counted[1] if counted else numerals
            is_gannen = is_gannen or "gannen" in text
            if money and money[1]:
                tokens.append(("literal", money[1]))
        elif kind in LITERALS:
            tokens.append(("literal", text))
        elif kind not in ("gap", "fill"):
            tokens.append((kind, text))
    kept, is_grouped, n_thousands = _without_commas(tokens)
    return Section(kept, condition, is_grouped, n_thousands, numerals, is_gannen)


def _without_commas(tokens: Sequence[Token]) -> tuple[Sequence[Token], bool, int]:
    """The tokens, whether thousands are set apart, and the commas after the last place, which divide."""
    last = max((n for n, (kind, _) in enumerate(tokens) if kind == "digit"), default=-1)
    point = next((n for n, (kind, _) in enumerate(tokens) if kind == "point"), len(tokens))
    end = min(last + 1, point) if point <= last else last + 1
    n_thousands = 0
    while end + n_thousands < len(tokens) and tokens[end + n_thousands][0] == "comma" and last >= 0:
        n_thousands += 1
    is_grouped = any(kind == "comma" for kind, _ in tokens[: max(min(last, end), 0)])
    kept = [token for n, token in enumerate(tokens) if token[0] != "comma" or last < 0]
    return (
        [("literal", text) if kind == "comma" else (kind, text) for kind, text in kept],
        is_grouped,
        n_thousands,
    )


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
