from __future__ import annotations

from dataclasses import fields

from index.fusion import MEASURES, Fusion, learnt_folds, learnt_fusion


def test_every_measure_has_a_weight() -> None:
    assert set(MEASURES) <= {field.name for field in fields(Fusion)}
    assert Fusion().weights() == dict.fromkeys(MEASURES, 1.0)


def test_learnt_weights_are_part_of_the_package() -> None:
    weights = learnt_fusion().weights()
    assert min(weights.values()) >= 0
    assert len({*weights.values()}) > 1


def test_weights_of_the_folds_are_near_those_of_all() -> None:
    everything = learnt_fusion().weights()
    folds = [fold.weights() for fold in learnt_folds()]
    assert len(folds) > 1
    assert all(abs(fold[name] - everything[name]) < 0.5 for fold in folds for name in MEASURES)
    assert any(fold != everything for fold in folds)
