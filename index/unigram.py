"""Unigram: a text cut into the pieces of the model's vocabulary, ready at once and without a library."""

from __future__ import annotations

import re

from index.weights import Vocabulary

SPACE = "▁"  # as the vocabulary writes it
UNKNOWN_PENALTY = 10.0  # below the least likely piece, as `tokenizers` has it
SPACES = re.compile(" {2,}")


class Unigram:
    """The ids that `unpacked_tokenizer` gives for a cleaned text, without the second that it takes to build.

    Example:
        >>> from index.weights import find_weights, parse_weights
        >>> vocabulary = parse_weights(find_weights()).vocabulary
        >>> [vocabulary.pieces[i] for i in Unigram(vocabulary).ids("query: 税の納期")][-2:]
        ['納', '期']
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._ids = {piece: i for i, piece in enumerate(vocabulary.pieces)}
        self._scores = vocabulary.scores
        self._longest = max(map(len, vocabulary.pieces))
        self._unknown = (vocabulary.unk, min(vocabulary.scores) - UNKNOWN_PENALTY)
        self._normalisation = vocabulary.normalisation

    def ids(self, text: str) -> list[int]:
        """The likeliest pieces of a text that `clean_text` gave, without `<s>` and `</s>`."""
        text = SPACE + SPACES.sub(" ", text.translate(self._normalisation)).replace(" ", SPACE)
        if text.startswith(SPACE * 2):
            text = text[1:]
        best = [0.0] + [float("-inf")] * len(text)
        came_by = [(0, 0)] * (len(text) + 1)
        for start in range(len(text)):
            for end in range(start + 1, min(start + self._longest, len(text)) + 1):
                known = self._ids.get(text[start:end])
                if known is None and end > start + 1:
                    continue
                i, score = self._unknown if known is None else (known, self._scores[known])
                if best[start] + score > best[end]:
                    best[end], came_by[end] = best[start] + score, (start, i)
        ids = []
        at = len(text)
        while at:
            at, i = came_by[at]
            ids.append(i)
        return ids[::-1]
