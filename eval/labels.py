"""What the measures and groups are called in Japanese."""

LABELS = {
    "hit@1": "1 件目の候補に根拠がある",
    "hit@5": "5 件目までの候補に根拠がある",
    "hit@10": "10 件目までの候補に根拠がある",
    "source@1": "根拠のある文書が 1 番目にある",
    "source@5": "根拠のある文書が 5 番目までにある",
    "mrr": "根拠のある最初の候補の順位の逆数",
    "ndcg@10": "根拠のある候補が上位にある度合い",
    "evidence@500": "候補の先頭 500 字に根拠がそろう",
    "evidence@1000": "候補の先頭 1000 字に根拠がそろう",
    "evidence@2000": "候補の先頭 2000 字に根拠がそろう",
    "evidence@4000": "候補の先頭 4000 字に根拠がそろう",
    "facts@500": "候補の先頭 500 字に要点がそろう",
    "facts@1000": "候補の先頭 1000 字に要点がそろう",
    "facts@2000": "候補の先頭 2000 字に要点がそろう",
    "facts@4000": "候補の先頭 4000 字に要点がそろう",
    "hit_spans": "候補の範囲が原文と一致する",
    "facts": "回答に要点がそろう",
    "lead@100": "回答の先頭 100 字に要点がそろう",
    "lead@200": "回答の先頭 200 字に要点がそろう",
    "line@60": "最初の文の 60 字までに要点がそろう",
    "cited": "引用が根拠の一つを含む",
    "cited_all": "引用が根拠をすべて含む",
    "right": "要点も引用も正しい、または正しく断った",
    "right_answerable": "要点も引用も正しい（答えられる質問のみ）",
    "refused": "答えられない質問を断った",
    "false_refusal": "答えられる質問を断った（低いほどよい）",
    "supported": "回答の文を引用が裏付ける",
    "numbers": "回答の数値がすべて引用か質問にある",
    "spans": "引用の範囲が原文と一致する",
    "wrong_year": "別の年度の値を答えた（低いほどよい）",
    "answer_chars": "回答の文字数（400 字まで）",
    "line_chars": "最初の文の文字数",
    "quote_chars": "引用の文字数",
    "error": "エラーまたは記録なし（低いほどよい）",
}
GROUP_LABELS = {"type": "種類", "document": "文書", "audience": "立場", "paraphrase": "言い換え"}
LOWER_IS_BETTER = frozenset(
    {"false_refusal", "wrong_year", "error", "answer_chars", "line_chars", "quote_chars"}
)
