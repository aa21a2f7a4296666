"""Follow-up questions: what was left out is taken from the question before, by rules, without a model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.own_topic import (
    END,
    asks_for_reason,
    asks_of_event,
    has_own_topic,
    is_about_something,
    is_noun_phrase,
    repeats,
)
from assistant.parallel import (
    MONTH,
    absolute_year,
    substituted,
    with_year,
    without_years,
    year_stretches,
)
from assistant.question import AnswerType, answer_type
from assistant.topic import ASKING, LEAD, Topic, is_year, phrases, placed

MOST_TURNS = 6  # that count
BARE = re.compile(  # では港区は？ 港区の場合はどうですか 港区だと？ 港区についても教えてください
    r"^(?P<term>[^、。？?]{1,30}?)(?:"
    r"(?:(?<!と)は|も|なら|だと|の場合は?|の方は|では|については?|についても|に関しては)(?:同じ)?"
    r"(?:(?:どう|いかが)?(?:です|でしょう|でした|だったのです|なります|なっています)か|どう(?:なの"
    r"|なん?)?|お?教えて(?:ください|下さい)?|お願いします)?"
    rf"{END}|[？?]\s*$)"
)
POINTING = re.compile(
    r"(?P<year>(?:その|この|同じ|同)年度?(?!代|齢))"
    r"|(?P<noun>(?:その|この|同じ|同(?=窓口|会議|計画|制度|事業|センター|教室|課)|上記の"
    r"|当該)(?P<named>うち|[一-鿿々ァ-ヺー]+))"
    r"|(?P<itself>(?:それ|これ|あれ)ら?(?!で(?!す)|から|まで|とも|なら|ぞれ|ほど|より|に加え)|(?:そこ"
    r"|そちら)(?!で[、,]))"
)
NOT_POINTING = re.compile(
    r"その(?:他|ほか|まま)|この(?:たび|度|よう|ほか|[市区町村都県国街]|地域)|同じ(?:く|よう)|それぞれ"
    r"|同(?:時|意|様|席"
    r"|伴|行|性|居|士|封)"
)
WORDS_THAT_POINT = frozenset({"代名詞", "連体詞", "名詞", "接頭辞"})
AGAIN = re.compile(
    rf"^(?P<term>[^、。？?はがを]{{1,20}})は(?P<asked>何[^、。？?はがをで]{{1,3}}|いくら|いつ|どこ"
    rf"|誰)(?:です|でし|でしょう)た?か{END}"
)
GREETING = re.compile(
    r"(?:こんにち[はわ]|こんばん[はわ]|おはよう|ありがと|どうも|はい|いいえ|うん|ええ|了解|わかりました"
    r"|分かりました|なるほど|OK|ok)"
    r"[^はがを]{0,12}$"
)
STANDS_ALONE = frozenset({"人", "方", "者", "件", "事", "物", "時", "点"})  # その人, その件
OTHERS = re.compile(r"^(?:ほか|他|その他)に[はも]?")
MORE = re.compile(
    r"^(?:もっと|もう少し)?(?:詳しく|くわしく|詳細[はを]?)(?:教えて(?:ください|下さい)?|は|お願いします)?"
    + END
)
OF_ACTION = re.compile(
    r"理由|目的|背景|経緯|時期|日時?$|期日|費用$"
)  # what an action has rather than a thing
ASKS = re.compile(rf"[？?]\s*$|か{END}|教えて|知りたい|お願い")
ALSO = re.compile(r"^(?P<term>[^はがを、。？?]{1,15}?)(?:で|に|から|まで|へ|と)?も(?![うちとのっし])")


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of the conversation and the text of its answer, "" if there was none.

    Attributes:
        question: As typed or, better, as completed (`Answer.asked`).
    """

    question: str
    answer: str = ""


def complete(question: str, history: Sequence[Turn]) -> str:
    """A question that can be understood alone.

    An elliptical follow-up gets what it lacks from the question before. 「では令和2年度は？」 is that one
    with its year replaced, 「英語版は？」 with its parallel term replaced; 「参加者数は？」 gets its topic;
    それ, その, そこ and 同じ give way to what they stand for. A question that can stand alone comes back
    unchanged, as does any without history. The same history always gives the same result; only its last
    turns count.
    """
    before: Turn | None = None
    for turn in history[-MOST_TURNS:]:
        if turn.question.strip() and not GREETING.match(turn.question.strip()):
            before = Turn(_completed(turn.question, before), turn.answer)
    return _completed(question, before)


def _completed(question: str, before: Turn | None) -> str:
    body = LEAD.sub("", question.strip())
    if before is None or not body or GREETING.match(body):
        return question
    topic = Topic.from_question(before.question)
    previous = LEAD.sub("", before.question.strip())
    return (
        _other_year(body, previous)
        or _asked_again(body, previous)
        or _pointed(body, before, topic)
        or _other_term(body, previous, topic)
        or _other_attribute(body, previous, topic)
        or _of_that_year(body, topic)
        or _also(body, topic)
        or question
    )


def _other_year(body: str, previous: str) -> str | None:
    """The question before for another year, if the question names nothing but a year."""
    bare = BARE.match(body)
    if not bare:
        return None
    term = absolute_year(bare["term"].strip(), previous)
    if MONTH.fullmatch(term):
        return MONTH.sub(term, previous, count=1) if MONTH.search(previous) else f"{term}の{previous}"
    if not is_year(term) or not year_stretches(term):
        return None
    return with_year(previous, term) or f"{term}の{previous}"


def _asked_again(body: str, previous: str) -> str | None:
    """「英語版は何部ですか」 after 「日本語版は何部作りましたか」: that question for the parallel term."""
    found = AGAIN.match(body)
    named = phrases(found["term"]) if found else []
    if not found or len(named) != 1 or named[0].text != found["term"] or found["asked"] not in previous:
        return None
    return None if named[0].is_attribute else substituted(named[0], previous)


def _pointed(body: str, before: Turn, topic: Topic | None) -> str | None:
    """The question with what it points at put in the place of 「その」, 「それ」, 「そこ」 or 「同じ」."""
    starts = {at for at, _, kind in placed(body) if kind in WORDS_THAT_POINT}  # not the あれ of あれば
    pointers = (found for found in POINTING.finditer(body) if found.start() in starts)
    found = next((one for one in pointers if not NOT_POINTING.match(body, one.start())), None)
    if not found or has_own_topic(body[: found.start()]) or topic is None:
        return None
    lead, rest = body[: found.start()], body[found.end() :]
    if found["year"]:
        return _same_year(lead, rest, before, topic)
    if found["noun"]:
        return lead + _noun_meant(found["named"], before, topic) + rest
    asks_bare = re.match(r"は(?=[、,]?" + ASKING.pattern + ")", rest) is not None
    asks_bare = asks_bare and not any(phrase.acts for phrase in phrases(rest))
    if rest.startswith("の"):
        return lead + _yearless(topic, rest).before_noun() + rest[1:]
    return lead + topic.as_subject(with_action=asks_bare) + rest


def _same_year(lead: str, rest: str, before: Turn, topic: Topic) -> str | None:
    """The question with the year that was meant; one that names nothing else gets the topic too."""
    for text in (before.question, before.answer):
        known = year_stretches(text)
        if known:
            year = text[known[-1].start : known[-1].end]
            break
    else:
        return None
    if has_own_topic(rest):
        return lead + year + rest
    own = without_years(topic.text)
    return lead + f"{year}の{own}" + (rest if rest.startswith("の") else f"は、{rest.lstrip('に、は')}")


def _noun_meant(named: str, before: Turn, topic: Topic) -> str:
    """What 「その」 and a noun stand for: a longer name that ends in it, else what belongs to the topic."""
    if named in STANDS_ALONE:
        return topic.text
    if topic.text.endswith(named):
        return topic.text
    for text in (before.question, before.answer):
        for phrase in phrases(text):
            if phrase.text.endswith(named) and phrase.text != named:
                return phrase.text
    return topic.before_noun() + named


def _other_term(body: str, previous: str, topic: Topic | None) -> str | None:
    """The question before for another term, if the question names nothing but terms."""
    bare = BARE.match(body)
    named = [phrase for phrase in phrases(bare["term"]) if not is_year(phrase.text)] if bare else []
    if not bare or not named or ASKING.search(bare["term"]) or not is_noun_phrase(bare["term"]):
        return None
    if all(phrase.is_attribute for phrase in named):
        return None
    if len(named) == 1 and named[0].text == LEAD.sub("", bare["term"]).strip():
        changed = substituted(named[0], previous)
        return changed or (f"{named[0].text}の場合、{_plain_case(previous)}" if topic else None)
    changed = previous
    for phrase in named:
        if phrase.text not in changed:
            replaced = substituted(phrase, changed)
            if replaced is None:
                return None
            changed = replaced
    return changed if changed != previous else None


def _other_attribute(body: str, previous: str, topic: Topic | None) -> str | None:
    """The question about the topic of the one before, if it names none itself."""
    if topic is None or not (ASKS.search(body) or BARE.match(body)):
        return None
    own = has_own_topic(body) and not asks_of_event(body) and not asks_for_reason(body)
    if own or repeats(topic, body):
        return None
    if MORE.match(body) or OTHERS.match(body):
        return f"{topic.as_object()}について、{body}"
    named = phrases(body)
    years = year_stretches(body)
    if years and not phrases(body[: years[0].start]) and not ASKING.search(body[: years[-1].end]):
        return _for_year(body, previous, topic)
    if not named and not ASKING.search(body) and not is_about_something(body):
        return None
    if named and named[0].start == 0 and not ASKING.match(body):
        return topic.before_noun(with_action=bool(OF_ACTION.match(named[0].text))) + body
    alone = not any(phrase.acts for phrase in named) and re.match(
        rf"(?:{ASKING.pattern})\S{{0,6}}(?:です|でし|なの)", body
    )
    return f"{topic.as_subject(with_action=bool(alone))}は{body}"


def _for_year(body: str, previous: str, topic: Topic) -> str | None:
    """A question that names a year and perhaps a measure, with the rest of the one before."""
    stretch = year_stretches(body)[-1]
    year, rest = body[stretch.start : stretch.end], body[stretch.end :].lstrip("のにはで、")
    asks_alike = answer_type(body) in (AnswerType.ANY, answer_type(previous))
    if asks_alike and not any(phrase.is_attribute for phrase in phrases(rest)):
        return with_year(previous, year) or f"{year}の{previous}"
    own = with_year(topic.text, year)
    if own is None:
        own = f"{topic.before_noun()}{year}"
    return f"{own}の{rest}" if phrases(rest) and not ASKING.match(rest) else f"{own}は{rest}"


def _of_that_year(body: str, topic: Topic | None) -> str | None:
    """「令和3年度は、いつ、どこで開かれ、何人が来ましたか」: no subject stands before what it asks."""
    years, asked = year_stretches(body), ASKING.search(body)
    if topic is None or not years or years[0].start or not asked or repeats(topic, body):
        return None
    year, rest = body[: years[0].end], body[years[0].end :]
    between = body[years[0].end : asked.start()]
    if not re.match(r"[には]", rest) or any(phrase.is_specific for phrase in phrases(between)):
        return None
    return f"{without_years(topic.before_noun())}{year}{rest}"


def _also(body: str, topic: Topic | None) -> str | None:
    """「土曜日も開いていますか」: what is said to be so 「も」 is so of the topic before."""
    found = ALSO.match(body)
    if not found or topic is None or not ASKS.search(body) or re.search(r"[はがを]", body):
        return None
    if len([phrase for phrase in phrases(body) if phrase.is_specific and not phrase.acts]) > 1:
        return None
    return f"{topic.as_subject()}は、{body}"


def _yearless(topic: Topic, rest: str) -> Topic:
    """The topic without its year where the question names another."""
    return Topic(without_years(topic.text), topic.is_clause) if year_stretches(rest) else topic


def _plain_case(previous: str) -> str:
    """A question without the case that was put in front of it by the turn before."""
    return re.sub(r"^[^、。]{1,20}の場合、", "", previous)
