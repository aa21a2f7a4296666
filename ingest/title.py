"""The title of a text, by how Japanese office papers are named and laid out."""

from __future__ import annotations

import math
import re
from collections import Counter

FIRST_LINES = 15
SAMPLE_CHARS = 20_000
RUNNING = 3  # so often a line stands in a text that has it as running header
RUNNING_CHARS = 8
MOST_CHARS = 60

KIND = (  # what the last word of a title says the paper is
    "方針|計画書?|報告書?|概要版?|実績|要綱|要領|要項|要覧|規則|規程|規約|条例|法律|指針|ガイドライン|ガイド|マニュアル"
    "|手引き?|手引書|ハンドブック|ガイドブック|案内|一覧表?|調査書?|結果|評価|白書|年報|月報|ビジョン|プラン|戦略|構想"
    "|大綱|まとめ|あり方|在り方|議事録|議事概要|会議録|要旨|資料集?|名簿|予算書?|決算書?|統計|集計表?|通知|用語集|事例集"
    "|質問集?|便覧|しおり|だより|について|Q&A|Ｑ＆Ａ|FAQ|基準|仕様書|協定書|説明書|答申|提言|素案|骨子|注意事項?|心得"
    "|状況|通達|注意喚起|目録|年表|組織図|沿革|規約集|例規集|様式集?|公表|お知らせ"
)
ASIDE = (
    r"(?:[（(][^（()）]{1,30}[）)]|[【〔［\[〈＜][^【〔［\[〈＜】〕］\]〉＞]{1,30}[】〕］\]〉＞]"
    r"|[～〜][^～〜]{1,30}[～〜])"
)
TITLE = re.compile(
    rf"(?P<name>.{{0,50}}?(?:{KIND}))"
    rf"(?P<tail>(?:[\s　]*(?:{ASIDE}|第?[0-9０-９.．]{{1,4}}版?|改訂版?|案|編|版"
    r"|(?:令和|平成|R|H)[0-9０-９元]{1,2}年度?版?|20\d\d年度?版?))*)[\s　]*"
)
NO_TITLE = re.compile(
    r"[。\t]|…|\.{3}|・{3}|[:：]|[をはがも、](?![^（(「『]*[）)」』])"  # sentences, lists, contents
    r"|^[\s　]*(?:[0-9０-９]+[\s　.．、)）]|[（(][0-9０-９一-十ア-ンa-z][)）]"  # numbered headings
    r"|[・○〇●◎◇◆■□※①-⑳❶-❿►▶→＊*|<]|第[0-9０-９一二三四五六七八九十]+[章節条編])"
)
AMENDS = re.compile(  # 〇〇条例の一部を改正する条例
    r"(?P<name>[^。、「」]{2,40}の(?:一部|全部)を(?:改正|廃止)する"
    r"(?:法律|政令|省令|府令|命令|条例|規則|規程|要綱|告示|訓令))(?P<tail>(?:案)?)"
)
MERE_KIND = re.compile(  # what many papers call themselves
    r"(?:別[表紙添記]|様式|資料|参考資料)[ \u3000]*[0-9０-９一二三四五六七八九十-]*"
    r"|(?:報道|記者)発表(?:資料)?|報道資料|プレス[・ ]?リリース|表紙|目次|お知らせ"
    r"|(?:調査)?結果(?:の概要)?|概要"
)
UPPER_CHARS = (8, 40)
NOT_UPPER = re.compile(  # dates, numbers of letters, who wrote it and to whom
    r"[0-9０-９@]|[年月日号殿様都道府県市区町村省庁局部課室係会長社員所校]$|御中$|\s.*\s"
)
SITE_NAME = re.compile(r"\s*(?:[|｜]|\s[-–—]\s|：).*$")
UNNAMED = frozenset({"", "無題", "untitled", "無題ドキュメント", "index", "home", "トップページ", "document"})


def guess_title(text: str, *, page_title: str = "") -> str:
    """The title of a document, never a sentence; "" if nothing looks like one.

    What the format says comes first, without the name of the web site. Else a line is taken that ends
    in a word for a kind of paper (計画, 報告書, について, …), and that is among the first lines or
    repeats as a running header. Ties go to the earlier line.
    """
    given = SITE_NAME.sub("", page_title).strip()
    is_named = given.lower() not in UNNAMED and not MERE_KIND.fullmatch(given)
    if is_named and len(given) <= 2 * MOST_CHARS:
        return given
    first = [
        line for line in (" ".join(x.split(" ")).strip() for x in text[:SAMPLE_CHARS].splitlines()) if line
    ]
    counts = Counter(name for line in text.splitlines() if (name := _name(line)))
    places = {name: n for n, line in reversed(list(enumerate(first[:FIRST_LINES]))) if (name := _name(line))}
    best, best_score = "", 0.0
    for name in dict.fromkeys((*places, *counts)):
        is_running = counts[name] >= RUNNING and len(name) >= RUNNING_CHARS and _runs_through(name, text)
        if name not in places and not is_running:
            continue
        score = 3 - places[name] / 5 if name in places else 0.0
        score += math.log2(counts[name]) if is_running else 0.0
        if score > best_score:
            best, best_score = name, score
    title = _with_aside(best, first[:FIRST_LINES], counts[best])
    is_second = places.get(best) == 1 and _is_upper_half(first[0])
    return f"{first[0]} {title}" if is_second and counts[best] == 1 else title


def _is_upper_half(line: str) -> bool:
    """Whether a first line may be what the title on the next line is about (〇〇業務委託 / 募集要項)."""
    fits = UPPER_CHARS[0] <= len(line) <= UPPER_CHARS[1] and not (
        NO_TITLE.search(line) or NOT_UPPER.search(line)
    )
    return fits and not MERE_KIND.fullmatch(line) and not _name(line)


def _runs_through(name: str, text: str) -> bool:
    """Whether it stands from the first quarter of the text to the last, as a running header does."""
    return text.find(name) * 4 <= len(text) and text.rfind(name) * 4 >= len(text) * 3


def _name(line: str) -> str:
    """The line as a title without what stands in brackets behind it; "" if it is none."""
    line = line.strip()
    if not 4 <= len(line) <= MOST_CHARS or MERE_KIND.fullmatch(line):
        return ""
    found = AMENDS.fullmatch(line) or (None if NO_TITLE.search(line) else TITLE.fullmatch(line))
    return found["name"].strip() if found and len(found["name"].replace(" ", "")) >= 4 else ""


def _with_aside(name: str, first: list[str], count: int) -> str:
    """The name with its brackets, if it stands once only: in running headers they name the page."""
    if not name or count > 1:
        return name
    return next((line for line in first if _name(line) == name), name)
