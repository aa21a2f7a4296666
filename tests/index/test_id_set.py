from __future__ import annotations

from index.id_set import IdSet, as_array


def test_it_is_a_set_of_ids() -> None:
    ids = IdSet([9, 2, 2, 5])
    assert list(ids) == [2, 5, 9]
    assert len(ids) == 3
    assert 5 in ids
    assert 4 not in ids
    assert "5" not in ids
    assert ids == {2, 5, 9}
    assert not IdSet([])
    assert as_array({3, 1}).tolist() == [1, 3] == as_array(IdSet([3, 1])).tolist()
