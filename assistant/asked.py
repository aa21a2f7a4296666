"""The form of a question: what kind of answer would do, in Japanese, English, Chinese and Korean."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum


class QuestionForm(StrEnum):
    """What an answer has to look like, whatever it is about."""

    FACT = "fact"
    DEFINITION = "definition"
    LIST = "list"
    COMPARISON = "comparison"
    YES_NO = "yes_no"
    WHY = "why"
    HOW = "how"


FORMS = (  # the first that matches decides
    (
        QuestionForm.WHY,
        re.compile(
            r"なぜ|何故|どうして|なんで(?!も)|理由|わけは"
            r"|(?:目的|ねらい|狙い|趣旨|きっかけ|原因)(?:は|が)(?:何|なん|どう|どの|どん)"
            r"|何(?:のため|が(?:原因|きっかけ)|を(?:目的|きっかけ))"
            r"|(?:どう(?:いう|いった)|どのような|どんな)(?:考え|事情|経緯|いきさつ|わけ|きっかけ)(?:から|で|により|が)"
            r"|\bwhy\b|为什么|为何|為什麼|왜(?:\s|요|$)|이유"
        ),
    ),
    (
        QuestionForm.COMPARISON,
        re.compile(
            r"比べて|比較|違い|どう違|どう変わ|どのように変わ|変化|増え(?:ました|た)か|減り(?:ました"
            r"|た)か|増減"
            r"|(?:年度?|期|月)(?:と|、)[^。？?]{1,24}(?:年度?|期|月)[^。？?]{0,12}それぞれ"
            r"|どちらが|\bcompare[ds]?\b|\bdifferen(?:ce|t)\b|\bversus\b|\bvs\b|相比|区别|區別|차이|비교"
        ),
    ),
    (
        QuestionForm.LIST,
        re.compile(
            r"一覧|すべて|全て|全部|(?:を|で)?挙げて|列挙|何と何|どことどこ|誰と誰|[0-9]+(?:つ|都市|団体"
            r"|名|か所|自治体|社|人|項目)を"
            r"|[0-9]+(?:つ|都市|団体|名|か所|自治体|社|人|項目)の(?:名前|名称|氏名|内容)を"
            r"|どの[0-9]+(?:つ|項目|種類|分野|本)"
            r"|どのような(?:もの|種類|項目|内容|取組|事業)が|どんな(?:もの|種類|項目|取組|事業)が"
            r"|それぞれ何ですか"
            r"|\blist\b|\bwhich\b.*\bare\b|\bwhat are\b|哪些|有什么|列出|列舉|어떤 것들|목록|모두"
        ),
    ),
    (
        QuestionForm.HOW,
        re.compile(
            r"どうやって|どのように(?!考え|なって)|どうすれば|どうしたら|方法は|手順|やり方|仕方"
            r"|\bhow (?:do|does|did|can|should|to|is|are)\b"
            r"|怎么|怎樣|怎样|如何|어떻게"
        ),
    ),
    (
        QuestionForm.DEFINITION,
        re.compile(
            r"とは(?:何|なん|どん|どの|どう|[？?]|$)|って何|の意味|\bwhat is (?:a|an|the)\b|是什么|是什麼"
            r"|(?:이란|란) 무엇"
        ),
    ),
)
INTERROGATIVE = re.compile(
    r"何|なに|なん(?:で|と|の)|いつ|どこ|どちら|どれ|どの|どん|どう|だれ|誰|どなた|いく[つら]|なぜ"
    r"|ですか.*教えて|教えて|知りたい"
)
POLAR = re.compile(
    r"(?:ます|です|ません|でした|でしょう|した|せん|ました|う|る|い|た|の)か[。？?\s]*$"
    r"|^\s*(?:is|are|was|were|do|does|did|can|has|have|will)\b|吗[？?。\s]*$|嗎[？?。\s]*$"
)
KOREAN_POLAR = re.compile(r"(?:습니까|나요|까요|인가요)[？?.\s]*$")
KOREAN_ASKS = re.compile(r"언제|어디|누구|누가|무엇|무슨|뭐|몇|얼마|왜|어떻게|어떤|어느")
COUNTED = re.compile(
    r"何\s*[十百千万億]*(?P<counter>年度|年間|か月|[かカケヵヶ箇](?:国語?|所|年|条)|箇所|言語|都市|団体"
    r"|世帯|種類|事業|時間|週間"
    r"|ポイント|パーセント|事項|自治体|番目"
    r"|[人名件校回社頭割番戸歳倍円部枚台冊点組棟席室問分階泊頁%年月日時つ区市国個本])"
)
ASKING = r"(?:何|いつ|どこ|誰|だれ|どなた|どの|どんな|どれ|いく[つら])"
SEVERAL = re.compile(
    rf"それぞれ|また、|順に|(?:も|[^、。]と[^、。]{{1,12}}を)(?:教えて|知りたい|お願い)|内訳"
    rf"|{ASKING}[^。？?]*[、で][^。？?]*{ASKING}|か[。、？?].*(?:か|教えて|知りたい|お願い)|\band (?:how"
    rf"|what|who|when|where)\b"
)
LIKE = {  # counters that stand for one another
    "人": "[人名]",
    "名": "[人名]",
    "か所": "[かカケヵヶ箇]所",
    "カ所": "[かカケヵヶ箇]所",
    "箇所": "[かカケヵヶ箇]所",
    "言語": "(?:言語|[かカケヵヶ箇]国語)",
    "か国語": "(?:言語|[かカケヵヶ箇]国語)",
    "か国": "[かカケヵヶ箇]国",
    "社": "(?:社|事業者|団体)",
    "割": "(?:割|%|パーセント|分の)",
    "%": "(?:%|パーセント)",
    "パーセント": "(?:%|パーセント)",
    "自治体": "(?:自治体|団体)",
    "番目": "(?:番目?|位)",
}


def question_form(text: str) -> QuestionForm:
    """The form of answer that a question calls for; FACT where nothing else is seen."""
    flat = unicodedata.normalize("NFKC", text).strip().lower()
    found = next((form for form, pattern in FORMS if pattern.search(flat)), None)
    if found:
        return found
    if POLAR.search(flat) and not INTERROGATIVE.search(flat):
        return QuestionForm.YES_NO
    if KOREAN_POLAR.search(flat) and not KOREAN_ASKS.search(flat):
        return QuestionForm.YES_NO
    return QuestionForm.FACT


def asked_counters(text: str) -> tuple[re.Pattern[str], ...]:
    """For each 「何人」 or 「何件」 of a question, what a number that answers it looks like."""
    flat = unicodedata.normalize("NFKC", text)
    counters = dict.fromkeys(found["counter"] for found in COUNTED.finditer(flat))
    return tuple(
        re.compile(rf"[0-9一二三四五六七八九十百千万億元]\s*{LIKE.get(c, re.escape(c))}") for c in counters
    )


def asks_several(text: str) -> bool:
    """Whether more than one thing is asked for, so that one clause cannot be the answer."""
    flat = unicodedata.normalize("NFKC", text)
    return len(asked_counters(text)) > 1 or SEVERAL.search(flat) is not None
