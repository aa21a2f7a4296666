"""Every string of the page, in Japanese and English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

STRINGS: dict[str, tuple[str, str]] = {
    # The frame of the page
    "app_name": ("しるべ", "Shirube"),
    "app_about": (
        "文書にもとづいて答え、どこに書いてあるかを示します。",
        "Answers from your documents, and shows where they say so.",
    ),
    "skip_to_question": ("質問の入力へ移動", "Skip to the question"),
    "skip_to_source": ("出典へ移動", "Skip to the source"),
    "other_language": ("English", "日本語"),
    "own_name": ("日本語", "English"),
    "settings_menu": ("表示とログイン", "Display and login"),
    "dark_mode": ("暗い画面", "Dark mode"),
    "logged_in_as": ("{user} さん", "{user}"),
    "log_out": ("ログアウト", "Log out"),
    "tab_ask": ("質問する", "Ask"),
    "tab_glossary": ("用語集", "Glossary"),
    "tab_guide": ("はじめての方へ", "First look"),
    "tab_documents": ("文書", "Documents"),
    "tab_history": ("履歴", "History"),
    "failed": (
        "処理できませんでした。もう一度試してください。",
        "That did not work. Please try again.",
    ),
    # Ask
    "question": ("質問", "Question"),
    "question_label": (
        "質問（Enter で送信、Shift+Enter で改行）",
        "Question (Enter sends, Shift+Enter starts a new line)",
    ),
    "question_hint": ("例: 申請の期限はいつですか。", "Ask in plain words."),
    "send": ("送信", "Send"),
    "new_conversation": ("新しい会話", "New conversation"),
    "suggestions": ("質問の例（取り込んだ文書から）", "Questions to try (from your documents)"),
    "conversation": ("会話", "Conversation"),
    "you": ("質問", "Question"),
    "answer": ("回答", "Answer"),
    "asked_as": ("次の質問として答えます: {question}", "Understood as: {question}"),
    "filtered_by": ("絞り込み: {filters}", "Filtered by: {filters}"),
    "searching": ("文書を探しています…", "Searching the documents…"),
    "answer_ready": ("回答が出ました。出典 {n} 件。", "The answer is ready, with {n} sources."),
    "not_found": ("文書に記載がありません。", "The documents do not say."),
    "not_found_hint": (
        "言い方を変えるか、年度や部署・事業の名前を入れて、もう一度聞いてください。",
        "Try other words, or name the fiscal year, the department or the programme.",
    ),
    "not_found_filtered": (
        "絞り込みを外すと見つかるかもしれません。",
        "It may be found without the filter.",
    ),
    "searched_documents": ("探した文書: {n} 件", "Documents searched: {n}"),
    "searched_names": ("探した言葉: {names}", "Looked for: {names}"),
    "searched_unknown": (
        "どの文書にも出てこない言葉: {names}",
        "In none of the documents: {names}",
    ),
    "confidence": ("確からしさ: {level}", "Confidence: {level}"),
    "confidence_high": ("高い", "high"),
    "confidence_medium": ("中くらい", "medium"),
    "confidence_low": (
        "低い（文書に答えがないかもしれません。出典で確かめてください）",
        "low (the documents may not say; please check the source)",
    ),
    "grounds": ("根拠", "Grounds"),
    "nearest": ("近い箇所", "Nearest sections"),
    "verdict_mark_confirmed": ("確認済み", "confirmed"),
    "verdict_mark_partly": ("一部確認", "partly confirmed"),
    "verdict_mark_unverified": ("根拠未確認", "not verified"),
    "struck": ("資料と合わないため取り消した文", "struck out, as the sources say otherwise"),
    "fell_back": (
        "引用で答えています。{reason}（{model}）",
        "Answered with quotes: the model's text was not used ({model}). {reason}",
    ),
    "written_by": ("文章: {model}、{seconds}秒", "Written by {model}, {seconds} s"),
    "written_by_tokens": (
        "文章: {model}、{seconds}秒、{n}トークン",
        "Written by {model}, {seconds} s, {n} tokens",
    ),
    "answer_form": ("答え方", "Form of the answer"),
    "form_prose": ("文章", "Prose"),
    "form_quote": ("引用", "Quotes"),
    "unverified": ("根拠未確認", "not verified"),
    "open_source": ("出典を開く: {path}", "open the source: {path}"),
    "page_number": ("{page}頁", "p. {page}"),
    "sheet_place": ("シート「{sheet}」{cells}", "sheet “{sheet}” {cells}"),
    "slide_number": ("スライド{page}", "slide {page}"),
    "fiscal_year": ("{year}年度", "FY {year}"),
    "list_comma": ("、", ", "),
    "copy": ("コピー", "Copy"),
    "copied": ("コピーしました。", "Copied."),
    "copy_sources": ("出典", "Sources"),
    # Narrow down
    "narrow_down": ("絞り込み", "Narrow down"),
    "narrow_by_document": ("文書", "Document"),
    "narrow_by_publisher": ("発行者", "Publisher"),
    "narrow_by_year": ("年度", "Fiscal year"),
    # Source
    "source": ("出典", "Source"),
    "source_empty": (
        "回答の [1] などを押すと、ここに原文が開きます。",
        "Press a [1] in an answer to open the original here.",
    ),
    "source_opened": ("出典を開きました: {path}", "Source opened: {path}"),
    "source_gone": (
        "この文書は、いまは取り込まれていません。",
        "This document is no longer indexed.",
    ),
    "source_changed": (
        "引用のあとで文書が更新されました。強調された場所がずれているかもしれません。",
        "The document has changed since it was cited; the highlighted place may be off.",
    ),
    "close": ("閉じる", "Close"),
    "views": ("表示の切り替え", "Choose a view"),
    "view_as_read": ("原文のまま", "As read"),
    "view_repaired": ("整えた文", "Repaired"),
    "open_file": ("元のファイルを開く", "Open the original file"),
    "link_to_place": ("この箇所へのリンク", "Link to this place"),
    "file_gone": ("元のファイルが見つかりません。", "The original file is not there any more."),
    "file_changed": (
        "元のファイルは、取り込んだあとで変わりました。取り込み直すと開けます。",
        "The original file has changed since it was indexed. Index it again to open it.",
    ),
    "back_to_page": ("質問の画面へ", "Back to the questions"),
    "page_picture": ("{page}頁の画像", "Picture of page {page}"),
    "pictures": ("頁の画像", "Pictures of the pages"),
    "printed_page": ("（紙面の番号 {label}）", " (printed: {label})"),
    # What was read
    "inspect": ("読み取りを見る", "See what was read"),
    "inspection_more": ("続き（{first}頁から）", "Go on (from p. {first})"),
    "kind_heading": ("見出し", "heading"),
    "kind_paragraph": ("段落", "paragraph"),
    "kind_list_item": ("箇条", "list item"),
    "kind_table_row": ("表の行", "table row"),
    "kind_caption": ("図表の題", "caption"),
    "kind_furniture": (
        "検索しない（繰り返しの見出し・頁番号・表の見出し行）",
        "not searched (running header, page number, header row)",
    ),
    # What is kept
    "link_to_answer": ("この回答へのリンク", "Link to this answer"),
    "feedback": ("この回答について", "About this answer"),
    "verdict_useful": ("役に立った", "Helpful"),
    "verdict_wrong_answer": ("答えが違う", "Wrong answer"),
    "verdict_wrong_source": ("出典が違う", "Wrong source"),
    "comment": ("ひとこと（任意）", "A word on it (optional)"),
    "feedback_kept": ("ありがとうございます。記録しました。", "Thank you. That has been noted."),
    "history_title": ("これまでの会話", "Your conversations"),
    "history_search": ("会話を探す", "Search conversations"),
    "history_empty": ("まだ会話はありません。", "There are no conversations yet."),
    "history_nothing": ("当てはまる会話はありません。", "No conversation matches."),
    "n_questions": ("質問 {n} 件", "{n} questions"),
    "rename": ("名前を変える", "Rename"),
    "rename_question": ("新しい名前", "New name"),
    "renamed": ("名前を変えました。", "Renamed."),
    "delete": ("削除", "Delete"),
    "delete_question": (
        "「{title}」を削除しますか。元に戻せません。",
        "Delete “{title}”? This cannot be undone.",
    ),
    "deleted": ("削除しました。", "Deleted."),
    "export_unverified": ("（根拠未確認）", " (not verified)"),
    "export_page": ("{{page}}頁", "p. {{page}}"),
    "export_line": ("{{source}} {{line}}行目", "{{source}} line {{line}}"),
    "export_asked_at": ("質問した日時: {{when}}", "Asked: {{when}}"),
    "export_fingerprint": ("回答の識別子: {{fingerprint}}", "Fingerprint: {{fingerprint}}"),
    # Glossary and first look
    "glossary_title": ("用語集（文書が説明している言葉）", "Glossary (terms that the documents explain)"),
    "glossary_search": ("用語を探す", "Search terms"),
    "glossary_count": ("{n} 語", "{n} terms"),
    "glossary_empty": ("用語を説明している文書はありません。", "No document explains a term."),
    "glossary_nothing": ("当てはまる用語はありません。", "No term matches."),
    "term_definition": ("定義", "definition"),
    "term_listed": ("用語", "term"),
    "term_abbreviation": ("略称", "short for"),
    "term_name": ("名称", "name"),
    "guide_title": ("はじめての方へ（文書ごとの目的と見出し）", "First look (what each document is for)"),
    "guide_purpose": ("目的", "Purpose"),
    "guide_outline": ("見出し", "Outline"),
    "guide_questions": ("はじめの質問", "Questions to begin with"),
    "guide_place": ("もとの箇所", "where it is from"),
    "guide_editions": ("同じ文書の版（新しい順）", "Editions of one document (newest first)"),
    # Documents
    "documents_title": ("取り込まれている文書", "Indexed documents"),
    "documents_count": ("{n} 文書、{n_passages} 箇所", "{n} documents, {n_passages} passages"),
    "documents_more": ("ほかに {n} 文書があります。", "There are {n} more documents."),
    "column_title": ("文書名とファイル", "Title and file"),
    "column_publisher": ("発行者", "Publisher"),
    "column_years": ("年度", "Fiscal years"),
    "column_pages": ("頁数", "Pages"),
    "column_passages": ("箇所", "Passages"),
    "column_since": ("取り込み", "Indexed"),
    "column_warnings": ("注意", "Warnings"),
    "column_remove": ("操作", "Actions"),
    "no_warnings": ("なし", "None"),
    "add_files": (
        "文書を追加（PDF、Word、Excel、PowerPoint、HTML、テキストなど）",
        "Add documents (PDF, Word, Excel, PowerPoint, HTML, text …)",
    ),
    "file_added": ("{file} を取り込みました。", "{file} has been indexed."),
    "uploads_off": ("文書の追加は許可されていません。", "Adding documents is not allowed here."),
    "remove": ("取り除く", "Remove"),
    "remove_question": (
        "「{title}」を取り除きますか。以後の回答には使われません。",
        "Remove “{title}”? Answers will no longer use it.",
    ),
    "document_removed": ("{title} を取り除きました。", "{title} has been removed."),
    "cancel": ("取り消す", "Cancel"),
    "stage_find": ("準備しています", "preparing"),
    "stage_read": ("読んでいます", "reading"),
    "stage_embed": ("検索用に変換しています", "preparing for search"),
    "stage_index": ("索引に入れています", "adding to the index"),
}


@dataclass(frozen=True, slots=True)
class Texts:
    """The strings of one language.

    Example:
        >>> Texts("en")("page_number", page=3)
        'p. 3'
    """

    language: Language

    def __call__(self, name: str, **values: object) -> str:
        """The string with this name, its places filled in.

        Raises:
            KeyError: If there is none with this name, or a value is missing.
        """
        return STRINGS[name][LANGUAGES.index(self.language)].format(**values)


def language_of(value: str | None) -> Language:
    """The language with this code; Japanese for any other."""
    return "en" if value == "en" else "ja"
