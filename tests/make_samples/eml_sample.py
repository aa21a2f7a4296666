"""sample/toiawase_tsuyaku_r5.eml: a question by mail to the invented division, with its encoding of long ago."""

from __future__ import annotations

import base64

NAME = "toiawase_tsuyaku_r5.eml"
BODY = """潮見市役所　多文化共生課　御中

お世話になっております。海辺小学校の教務主任です。
個人面談での通訳の派遣について、回答をいただきありがとうございました。
確認した内容は、次のとおりです。

・通訳の派遣の申込みは、希望日の14日前までに行うこと。
・1回の派遣は2時間以内とし、学校の負担はないこと。
・令和5年度の残りの派遣枠は、1月末の時点で9回であること。

それでは、2月20日（火）の派遣をお願いいたします。
"""


def word(text: str) -> str:
    """An encoded word of a header."""
    return f"=?ISO-2022-JP?B?{base64.b64encode(text.encode('iso2022_jp')).decode()}?="


def make() -> bytes:
    """The file."""
    head = (
        f"From: {word('海辺小学校')} <umibe@school.example>\r\n"
        f"To: {word('潮見市多文化共生課')} <tabunka@city.example>\r\n"
        "Date: Wed, 31 Jan 2024 16:20:00 +0900\r\n"
        f"Subject: {word('通訳派遣の申込方法の確認')}\r\n"
        "Message-ID: <r5-0131@school.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="=_shiomi"\r\n\r\n'
    )
    text = "--=_shiomi\r\nContent-Type: text/plain; charset=ISO-2022-JP\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
    attached = (
        "\r\n--=_shiomi\r\nContent-Type: application/octet-stream\r\n"
        'Content-Disposition: attachment; filename="mendan_nittei.xlsx"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\nUEsDBA==\r\n--=_shiomi--\r\n"
    )
    body = BODY.replace("\n", "\r\n").encode("iso2022_jp")
    return head.encode("ascii") + text.encode("ascii") + body + attached.encode("ascii")
