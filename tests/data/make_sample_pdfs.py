"""Makes the PDFs of `sample/pdf/`, about the invented city 潮見市: `python tests/data/make_sample_pdfs.py`.

Needs reportlab. The fonts are those that every PDF viewer has for Japanese; none is embedded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FOLDER = Path(__file__).parents[2] / "sample" / "pdf"
WIDTH, HEIGHT = A4
MIN, GOTHIC = "HeiseiMin-W3", "HeiseiKakuGo-W5"
NO_START = "、。，．）」』】〕・ー々"  # may not begin a line
LEFT, TOP, BODY, PITCH = 72.0, 90.0, 10.5, 18.0

PLAN = (
    ("h1", "第１章　計画の基本的な考え方"),
    ("h2", "１　計画の趣旨"),
    (
        "p",
        "潮見市では、外国人住民が令和5年4月1日現在で3,412人となり、総人口の2.8％を占めています。市は、国籍や文化の違いを認め合い、だれもが安心して暮らせる地域をつくるため、潮見市多文化共生推進計画（第２次）を策定します。",
    ),
    (
        "p",
        "この計画は、潮見市総合計画の個別計画として位置付け、市民、協会、学校及び事業者と力を合わせて進めます。",
    ),
    ("h2", "２　計画の期間"),
    ("p", "計画の期間は、令和6年度から令和10年度までの5年間とし、令和8年度に中間の見直しを行います。"),
    ("h1", "第２章　施策の展開"),
    ("h2", "１　情報を届ける"),
    (
        "p",
        "市の窓口で使う言葉をやさしい日本語に改め、広報しおみの主な記事を6つの言語で配信します。災害のときは、協会が避難所に通訳ボランティアを派遣します。",
    ),
    (
        "i",
        "（１）転入した外国人住民に、生活の手引を窓口で渡すとともに、二次元コードで最新の版を読めるようにします。",
    ),
    ("i", "（２）ごみの分け方と防災の案内は、改定のたびに全ての言語の版を同時に直します。"),
    ("h2", "２　成果を測る"),
    ("p", "計画の進み具合は、次の表の指標で毎年度確かめ、翌年度の9月に公表します。"),
    ("c", "表１　成果の指標"),
    ("u", "（単位：人）"),
    ("t", ""),
    ("p", "目標値は、令和5年度までの実績に、毎年度の伸びを加えて定めました。"),
    ("h1", "第３章　推進の体制"),
    (
        "p",
        "市民協働部多文化共生課が事務局となり、庁内の連絡会議を年4回開きます。学識経験者、外国人市民及び公募の市民10人以内からなる推進会議は、毎年度2回以上開き、施策への意見を市長に述べます。",
    ),
)
TABLE = (
    ("指標", "担当", "実績", "", "目標"),
    ("", "", "令和4年度", "令和5年度", "令和10年度"),
    ("日本語教室の受講者", "国際交流協会", "412", "487", "600"),
    ("通訳ボランティアの登録者", "国際交流協会", "96", "118", "180"),
    ("相談窓口の利用者", "多文化共生課", "2,315", "2,788", "3,200"),
)
RULES = (
    ("潮見市立図書館資料貸出規則", "令和五年三月二十日　規則第十二号"),
    (
        "第一条　この規則は、潮見市立図書館の資料の貸出しについて必要な事項を定めるものとする。",
        "第二条　資料の貸出しを受けることができる者は、市内に住所を有する者、市内に通勤し、又は通学する者その他館長が認める者とする。",
        "第三条　貸し出すことができる資料は、一人につき十二点以内とし、その期間は、貸し出した日の翌日から起算して二週間とする。",
        "第四条　館長は、貸出しの期間を一回に限り延長することができる。ただし、予約のある資料については、この限りでない。",
        "第五条　資料を紛失し、又は著しく汚した者は、同じ資料を納めなければならない。館長がやむを得ない理由があると認めるときは、これを免ずることができる。",
        "附則　この規則は、令和五年四月一日から施行する。",
    ),
)
NEWS = (
    ("浜の清掃に三百人", "六月二日、潮見海岸で春の一斉清掃があり、市内の小中学生と企業の社員を合わせて三百十四人が参加しました。集めたごみは二・一トンで、昨年より四割少なくなりました。参加した中学生は「流れ着く網が減ったように感じる」と話していました。"),
    ("図書館の夜間開館を延長", "中央図書館は七月から、金曜日の閉館を午後九時に延ばします。仕事の帰りに寄れるようにしてほしいという声に応えるもので、三階の学習室も同じ時間まで使えます。予約した本の受取りは、駅前の返却箱の隣に置く専用の棚でもできるようになります。"),
    ("子ども食堂に補助金", "市は、子ども食堂を開く団体に、一回の開催につき八千円を補助します。申込みは八月三十日までに、子育て支援課へ所定の書類を出してください。対象は、市内で月に一度以上開く団体で、食品衛生責任者がいることが条件です。"),
    ("橋の架け替えが完了", "老朽化のため架け替えていた汐見橋が、七月十五日に開通します。新しい橋は幅が九・五メートルで、両側に歩道が付きました。工事の間に使っていた仮の橋は、九月末までに取り除きます。"),
)  # fmt: skip


def wrapped(text: str, columns: int, indent: int = 1, hanging: int = 0) -> Iterator[str]:
    """The lines of a paragraph; two half-width characters take the place of one."""
    line, taken = "　" * indent, float(indent)
    for char in text:
        width = 0.5 if ord(char) < 128 else 1.0
        if taken + width > columns and char not in NO_START:
            yield line
            line, taken = "　" * hanging, float(hanging)
        line += char
        taken += width
    yield line


class Sheet:
    """A canvas on which lines are written downwards from the top."""

    def __init__(self, name: str, title: str) -> None:
        self.canvas = Canvas(str(FOLDER / name), pagesize=A4, invariant=1, initialFontName=MIN)
        self.canvas.setTitle(title)
        self.page, self.y = 1, TOP

    def text(self, x: float, y: float, text: str, font: str = MIN, size: float = BODY) -> None:
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, HEIGHT - y, text)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.canvas.setLineWidth(0.6)
        self.canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)


def make_plan() -> None:
    """Horizontal: headings of three sizes, a running header, page numbers that begin at 3, a ruled table."""
    sheet = Sheet("tabunka_keikaku.pdf", "潮見市多文化共生推進計画（第２次）")
    columns = int((WIDTH - 2 * LEFT) / BODY)
    sheet.text(LEFT + 40, 130, "潮見市多文化共生推進計画（第２次）", GOTHIC, 20)
    sheet.text(LEFT + 170, 170, "令和6年3月　潮見市", MIN, 12)
    sheet.y = 220

    def advance(by: float) -> None:
        sheet.y += by
        if sheet.y > HEIGHT - 110:
            furnish()
            sheet.canvas.showPage()
            sheet.page += 1
            sheet.y = TOP

    def furnish() -> None:
        if sheet.page > 1:
            sheet.text(LEFT, 50, "潮見市多文化共生推進計画", GOTHIC, 8)
        sheet.text(WIDTH / 2 - 8, HEIGHT - 45, f"- {sheet.page + 2} -", MIN, 9)

    for kind, text in PLAN:
        if kind == "h1":
            advance(40 if sheet.y < 400 else 400)
            sheet.text(LEFT, sheet.y, text, GOTHIC, 16)
            advance(14)
        elif kind == "h2":
            advance(20)
            sheet.text(LEFT, sheet.y, text, GOTHIC, 12)
            advance(4)
        elif kind == "c":
            advance(24)
            sheet.text(WIDTH / 2 - 50, sheet.y, text, GOTHIC, 10)
        elif kind == "u":
            advance(14)
            sheet.text(WIDTH - LEFT - 60, sheet.y, text, MIN, 9)
        elif kind == "t":
            draw_table(sheet)
        else:
            for line in wrapped(
                text, columns, indent=1 if kind == "p" else 0, hanging=0 if kind == "p" else 2
            ):
                advance(PITCH)
                sheet.text(LEFT, sheet.y, line)
    furnish()
    sheet.canvas.save()


def draw_table(sheet: Sheet) -> None:
    """A table with a merged head over two columns and heads over two rows."""
    xs = [LEFT, LEFT + 150, LEFT + 240, LEFT + 310, LEFT + 380, WIDTH - LEFT]
    top = sheet.y + 6
    ys = [top + 20 * n for n in range(len(TABLE) + 1)]
    for n, y in enumerate(ys):
        if n == 1:
            sheet.rule(xs[2], y, xs[4], y)
            sheet.rule(xs[4], y, xs[5], y)
        else:
            sheet.rule(xs[0], y, xs[5], y)
    for n, x in enumerate(xs):
        sheet.rule(x, ys[1] if n == 3 else ys[0], x, ys[-1])
    for r, row in enumerate(TABLE):
        for c, cell in enumerate(row):
            if r == 0 and c < 2:
                sheet.text(xs[c] + 5, ys[1] + 4, cell, GOTHIC, 9)
            elif cell and (r < 2 or c < 2):
                sheet.text(xs[c] + 5, ys[r] + 14, cell, GOTHIC if r < 2 else MIN, 9)
            elif cell:
                sheet.canvas.setFont(MIN, 9)
                sheet.canvas.drawRightString(xs[c + 1] - 5, HEIGHT - ys[r] - 14, cell)
    sheet.y = ys[-1] + 6


def make_rules() -> None:
    """Vertical, from right to left, in two tiers."""
    sheet = Sheet("toshokan_kisoku.pdf", "潮見市立図書館資料貸出規則")
    tiers = ((80.0, 390.0), (430.0, 740.0))
    pitch, size = 20.0, 11.0
    columns = int((tiers[0][1] - tiers[0][0]) / size)
    lines = [("title", RULES[0][0]), ("date", "　" * 6 + RULES[0][1])]
    for article in RULES[1]:
        lines += [("text", line) for line in wrapped(article, columns, indent=0, hanging=1)]
    per_tier = len(lines) // 2 + 1
    for n, (kind, line) in enumerate(lines):
        tier, column = divmod(n, per_tier)
        x = WIDTH - 100 - pitch * column
        font = "vertical-gothic" if kind == "title" else "vertical"
        sheet.canvas.setFont(font, 14 if kind == "title" else size)
        indent = len(line) - len(line.lstrip("　"))
        sheet.canvas.drawString(x, HEIGHT - tiers[tier][0] - indent * size, line.lstrip("　"))
    sheet.rule(80, 410, WIDTH - 80, 410)
    sheet.canvas.save()


def make_news() -> None:
    """Two columns under a headline that runs over both."""
    sheet = Sheet("koho_shiomi.pdf", "広報しおみ 令和6年7月号")
    sheet.text(LEFT, 80, "広報しおみ", GOTHIC, 26)
    sheet.text(LEFT + 300, 80, "令和6年7月号　No.612", MIN, 11)
    sheet.rule(LEFT, 95, WIDTH - LEFT, 95)
    columns, size = 19, 10.5
    for half in range(2):
        y, x = 125.0, LEFT + half * 240
        for title, text in NEWS[2 * half : 2 * half + 2]:
            sheet.text(x, y, title, GOTHIC, 13)
            y += 24
            for line in wrapped(text, columns):
                sheet.text(x, y, line, MIN, size)
                y += 17
            y += 20
    sheet.text(WIDTH / 2 - 4, HEIGHT - 40, "1", MIN, 9)
    sheet.canvas.save()


def main(names: Sequence[str] = ()) -> None:
    """Make all of them."""
    del names
    for font in (MIN, GOTHIC):
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    for name, font in (("vertical", MIN), ("vertical-gothic", GOTHIC)):
        made = UnicodeCIDFont(font, isVertical=True)
        made.name = made.fontName = name
        pdfmetrics.registerFont(made)
    FOLDER.mkdir(parents=True, exist_ok=True)
    make_plan()
    make_rules()
    make_news()


if __name__ == "__main__":
    main()
