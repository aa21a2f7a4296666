from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from ui.page.element import button, element, link, note


def test_element_writes_attributes_and_content() -> None:
    assert element("p", "<b>一</b>", "二", class_="x", data_action="a") == (
        '<p class="x" data-action="a"><b>一</b>二</p>'
    )
    assert element("img", src="a.png", alt="") == '<img src="a.png" alt="">'


def test_element_leaves_out_what_is_false_or_none() -> None:
    assert element("div", hidden=False, title=None, data_form=True) == "<div data-form></div>"


@given(st.text(alphabet=st.characters(blacklist_categories=("Cc", "Cf", "Cs", "Zl", "Zp"))))
def test_element_attributes_never_end_early(value: str) -> None:
    tree = LexborHTMLParser(element("p", "x", data_value=value))
    found = tree.css("body *")
    assert [node.tag for node in found] == ["p"]
    assert found[0].attributes == {"data-value": value}


def test_button_and_link_and_note() -> None:
    assert button("[1]") == '<button type="button">[1]</button>'
    assert link("名", "/file/1?a=1&b=2") == '<a href="/file/1?a=1&amp;b=2">名</a>'
    assert note("<b>") == '<p class="note" role="note">&lt;b&gt;</p>'
