"""Documents read as drafts: their text, where each character of it stands, and one sentence for what cannot be read."""

import io
import time
import zipfile
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import docx
import docx.enum.text
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from gazetteer import GazetteerError
from gazetteer.drafts import Draft, DraftError, Limits, read_draft

SAMPLES = Path(__file__).parent / "data" / "drafts"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="{part}"/>'
    "</Relationships>"
)


def refusal(source: bytes | Path, name: str | None = None, **limits: int) -> str:
    """The sentence with which a document is refused."""
    with pytest.raises(DraftError) as refused:
        read_draft(source, name=name, limits=Limits(**limits))
    return str(refused.value)


def answer(source: bytes, name: str) -> Draft | str:
    """The draft, or the sentence with which it is refused; anything else that is raised is a fault."""
    try:
        return read_draft(source, name=name)
    except GazetteerError as error:
        return str(error)


def place_of(draft: Draft, word: str) -> tuple[int | None, int]:
    return draft.where(draft.text.index(word))


def word(document: docx.document.Document) -> bytes:
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def package(body: str, *, part: str = "word/document.xml", head: str = "", **others: str) -> bytes:
    """A Word document by hand, with what python-docx cannot write."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", RELATIONS.format(part=part))
        archive.writestr(part, f"{head}<w:document {WORD}><w:body>{body}</w:body></w:document>")
        for name, content in others.items():
            archive.writestr(f"word/{name}.xml", content)
    return data.getvalue()


def pdf(*pages: str | None) -> bytes:
    """A PDF of real pages, with a text layer; None is a page that is a picture."""
    data = io.BytesIO()
    with PdfPages(data) as file:
        for page in pages:
            figure = Figure(figsize=(6, 4))
            if page is None:
                figure.add_subplot().set_axis_off()
                figure.axes[0].imshow([[0, 1], [1, 0]])
            for number, line in enumerate((page or "").split("\n")):
                figure.text(0.05, 0.9 - 0.08 * number, line)
            file.savefig(figure)
    return data.getvalue()


def locked(data: bytes, *, user: str, owner: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt(user, owner, algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


# --- Text -----------------------------------------------------------------------------------------------------------


def test_a_text_is_read_as_it_is_with_the_line_of_every_word():
    draft = read_draft("From Kabul\r\nto Herat\n\nand Gnassingbé.".encode(), name="draft.txt")
    assert draft.text == "From Kabul\r\nto Herat\n\nand Gnassingbé."
    assert [place_of(draft, one) for one in ("From", "Kabul", "Herat", "Gnassingbé")] == [
        (None, 1),
        (None, 1),
        (None, 2),
        (None, 4),
    ]


def test_form_feeds_in_a_text_begin_pages():
    draft = read_draft(b"Kabul\n\fHerat\nKunduz\n\f\fBalkh", name="draft.txt")
    assert [place_of(draft, one) for one in ("Kabul", "Herat", "Kunduz", "Balkh")] == [(1, 1), (2, 2), (2, 3), (4, 4)]


def test_markdown_is_left_as_it_is_so_that_the_corrected_text_is_markdown_too():
    draft = read_draft(SAMPLES / "bulletin.md")
    assert draft.text == (SAMPLES / "bulletin.md").read_text(encoding="utf-8")
    assert place_of(draft, "Kompienga") == (None, 6)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_mark_of_byte_order_is_read_and_is_no_part_of_the_text(encoding):
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    draft = read_draft(mark + "Côte d’Ivoire".encode(encoding), name="draft.txt")
    assert draft.text == "Côte d’Ivoire"


def test_a_text_in_another_encoding_is_refused_and_not_guessed_at():
    told = refusal("Le préfet de Djibo".encode("cp1252"), "draft.txt")
    assert told == "draft.txt is no text in UTF-8 (byte 6 is none): save it as UTF-8."


def test_what_is_pasted_is_a_draft_too():
    draft = Draft.of("From Kabul\nto Herat.")
    assert (draft.text, place_of(draft, "Herat"), draft.pages_without_text) == ("From Kabul\nto Herat.", (None, 2), ())


@given(st.text(st.sampled_from("aé \n\r\f\u2028"), max_size=60))
def test_every_offset_has_the_line_that_counting_line_ends_gives(text):
    draft = Draft.of(text)
    assert draft.text == text
    paged = "\f" in text
    for offset in range(len(text) + 1):
        before = text[:offset]
        # Between the two characters of one line end the line has not ended yet.
        whole = before[:-1] if text[offset - 1 : offset + 1] == "\r\n" else before
        ends = whole.replace("\r\n", "\n").replace("\r", "\n").count("\n")
        assert draft.where(offset) == (before.count("\f") + 1 if paged else None, ends + 1)


@given(st.text(max_size=200))
def test_pieces_begin_one_after_the_other_within_the_text(text):
    starts = [piece.start for piece in Draft.of(text).pieces]
    assert starts[0] == 0
    assert all(one < other for one, other in pairwise(starts))
    assert starts[-1] <= len(text)


# --- Word -----------------------------------------------------------------------------------------------------------


def test_a_word_document_gives_paragraphs_and_tables_in_their_order():
    document = docx.Document()
    document.add_heading("Border attacks")
    document.add_paragraph("From Kabul").add_run(" to Herat").bold = True
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Kunduz", "Afghanistan"
    document.add_paragraph("The end\tof it,\nor nearly.")
    draft = read_draft(word(document), name="draft.docx")
    assert draft.text == "Border attacks\n\nFrom Kabul to Herat\n\nKunduz\n\nAfghanistan\n\nThe end\tof it,\nor nearly."
    assert [place_of(draft, one) for one in ("Border", "Herat", "Kunduz", "Afghanistan", "nearly")] == [
        (None, 1),
        (None, 2),
        (None, 3),
        (None, 4),
        (None, 5),
    ]


def test_breaks_that_were_set_by_hand_give_the_pages_of_a_word_document():
    document = docx.Document()
    document.add_paragraph("Kabul").add_run().add_break(docx.enum.text.WD_BREAK.PAGE)
    document.add_paragraph("Herat")
    draft = read_draft(word(document), name="draft.docx")
    assert [place_of(draft, one) for one in ("Kabul", "Herat")] == [(1, 1), (2, 2)]


def test_the_pages_that_word_last_set_are_believed_before_breaks_set_by_hand():
    body = (
        "<w:p><w:r><w:t>Kabul</w:t><w:br w:type='page'/></w:r></w:p>"
        "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Herat</w:t><w:lastRenderedPageBreak/><w:t> Kunduz</w:t></w:r></w:p>"
    )
    draft = read_draft(package(body), name="draft.docx")
    assert [place_of(draft, one) for one in ("Kabul", "Herat", "Kunduz")] == [(1, 1), (2, 2), (3, 2)]


def test_a_draft_with_tracked_changes_is_read_as_if_all_were_accepted():
    body = (
        "<w:p><w:r><w:t xml:space='preserve'>In </w:t></w:r>"
        "<w:del><w:r><w:delText>Bamian</w:delText><w:t>Bamian</w:t></w:r></w:del>"
        "<w:ins><w:r><w:t>Bamyan</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom>"
        "<w:hyperlink><w:r><w:t xml:space='preserve'> and Kabul</w:t></w:r></w:hyperlink>"
        "<w:sdt><w:sdtContent><w:r><w:noBreakHyphen/><w:t>city</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    )
    assert read_draft(package(body), name="draft.docx").text == "In Bamyan and Kabul-city"


def test_a_text_box_is_read_once_although_word_writes_it_twice():
    box = "<w:txbxContent><w:p><w:r><w:t>Inata</w:t></w:r></w:p></w:txbxContent>"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    body = (
        f"<w:p><w:r><mc:AlternateContent xmlns:mc='{mc}'><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert read_draft(package(body), name="draft.docx").text == "Inata"


def test_notes_follow_the_text_and_stand_on_no_known_page():
    notes = f"<w:footnotes {WORD}><w:footnote><w:p><w:r><w:t>In Kunduz.</w:t></w:r></w:p></w:footnote></w:footnotes>"
    body = "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Kabul</w:t><w:footnoteReference w:id='2'/></w:r></w:p>"
    draft = read_draft(package(body, footnotes=notes), name="draft.docx")
    assert draft.text == "Kabul\n\nIn Kunduz."
    assert [place_of(draft, one) for one in ("Kabul", "Kunduz")] == [(2, 1), (None, 2)]


def test_the_text_is_in_the_part_that_the_package_names():
    body = "<w:p><w:r><w:t>Kabul</w:t></w:r></w:p>"
    assert read_draft(package(body, part="word/document2.xml"), name="draft.docx").text == "Kabul"


def test_an_entity_of_a_word_document_reaches_no_file_and_explodes_into_nothing(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    outside = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    laughs = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "ha">{laughs}<!ENTITY e "&e9;">]>'
    for head in (outside, bomb):
        told = refusal(package("<w:p><w:r><w:t>&e;</w:t></w:r></w:p>", head=head), "draft.docx")
        assert told == "draft.docx declares a document type in its XML, which Word never does: it is not opened."


def test_a_word_document_that_would_unpack_to_far_more_than_it_is_remains_closed():
    data = package(f"<w:p><w:r><w:t>{'Kabul ' * 1_000_000}</w:t></w:r></w:p>")
    assert "would unpack to 6,000," in refusal(data, "draft.docx")
    assert "would unpack to" in refusal(package("<w:p/>" * 9_000), "draft.docx", unpacked_bytes=40_000)


def test_other_packed_files_are_no_word_documents():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert refusal(data.getvalue(), "draft.docx").startswith("draft.docx is no Word document: give .txt, .md, .docx")


def test_a_damaged_word_document_is_one_sentence():
    whole = package("<w:p><w:r><w:t>Kabul</w:t></w:r></w:p>")
    for damaged in (whole[: len(whole) // 2], whole[:60] + bytes(60) + whole[120:], package("<w:p></w:r>")):
        assert "Word document: open it in Word and save it again." in refusal(damaged, "draft.docx")


def test_an_encrypted_word_document_is_told_from_a_damaged_one():
    told = refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "draft.docx")
    assert "is encrypted, or of Word before 2007, by its content" in told


# --- PDF ------------------------------------------------------------------------------------------------------------


def test_a_pdf_gives_the_page_and_the_line_on_it():
    draft = read_draft(pdf("From Kabul\nto Herat", "In Kunduz"), name="draft.pdf")
    assert draft.text.split() == ["From", "Kabul", "to", "Herat", "In", "Kunduz"]
    assert [place_of(draft, one) for one in ("Kabul", "Herat", "Kunduz")] == [(1, 1), (1, 2), (2, 1)]


def test_a_pdf_that_only_its_owner_may_change_can_be_read():
    assert "Kabul" in read_draft(locked(pdf("Kabul"), user="", owner="secret"), name="draft.pdf").text


def test_an_encrypted_pdf_is_refused():
    told = refusal(locked(pdf("Kabul"), user="secret", owner="secret"), "draft.pdf")
    assert told == "draft.pdf is encrypted: save it without a password."


def test_a_pdf_of_pictures_is_refused_and_says_what_to_do():
    told = refusal(pdf(None, None), "draft.pdf")
    assert told == "draft.pdf holds no text, only pictures of it: have its text recognised (OCR) first."


def test_a_page_that_is_a_picture_among_others_is_named_and_not_forgotten():
    draft = read_draft(pdf("Kabul", None, "Herat"), name="draft.pdf")
    assert draft.pages_without_text == (2,)
    assert place_of(draft, "Herat")[0] == 3


def test_a_damaged_pdf_is_one_sentence():
    whole = pdf("Kabul")
    for damaged in (whole[:300], b"%PDF-1.7\n" + bytes(range(256)) * 20, whole.replace(b"/Pages", b"/Cages")):
        assert refusal(damaged, "draft.pdf").startswith("draft.pdf is a damaged PDF: print it to a new PDF")


def test_a_pdf_of_many_pages_is_refused_and_progress_is_told_of_one_that_is_read():
    assert refusal(pdf("a", "b", "c"), "draft.pdf", pages=2).startswith("draft.pdf has 3 pages, and 2 are read at most")
    told: list[float] = []
    read_draft(pdf("a", "b"), name="draft.pdf", progress=told.append)
    assert told == [0.0, 0.5, 1.0]


def test_a_page_of_a_pdf_that_unpacks_to_far_more_than_a_page_has_is_not_read():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf("Kabul")))
    stream = pypdf.generic.StreamObject()
    stream.set_data(b"BT /F1 12 Tf (Kabul) Tj ET" + b" " * 40_000_000)
    writer.pages[0][pypdf.generic.NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    data = io.BytesIO()
    writer.write(data)
    assert len(data.getvalue()) < 100_000
    assert refusal(data.getvalue(), "draft.pdf") == (
        "draft.pdf is a damaged PDF: print it to a new PDF (page 1 cannot be read)."
    )


def test_a_pdf_that_takes_too_long_is_left():
    assert refusal(pdf("a"), "draft.pdf", seconds=0) == (
        "draft.pdf takes more than 0 seconds to read: check it in parts."
    )


# --- HTML -----------------------------------------------------------------------------------------------------------


def test_of_a_page_of_html_what_a_browser_shows_is_read():
    draft = read_draft(SAMPLES / "bulletin.html")
    assert draft.text == (
        "Border\xa0attacks\n\nOn 11 November Togo announced an attack in Kpendjal, near the border with Burkina Faso."
        "\n\nGnassingbé & others <said> so.\n\nKunduz\n\nAfghanistan\n\nDjibo\n  Inata\n\nCôte\nd’Ivoire"
    )


def test_the_line_of_a_word_in_html_is_that_of_the_file():
    lines = (SAMPLES / "bulletin.html").read_text(encoding="utf-8").split("\n")
    draft = read_draft(SAMPLES / "bulletin.html")
    for one in ("Border", "Kpendjal", "near", "Faso", "Gnassingb", "Kunduz", "Djibo", "Inata", "Ivoire"):
        _, line = place_of(draft, one)
        assert one in lines[line - 1]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a<p>b", "a\n\nb"),
        ("a<script>if (a < b) document.write('<p>')</script>b", "ab"),
        ("a<SCRIPT>x</ScRiPt >b", "ab"),
        ("a<style>p{}</style\n>b", "ab"),
        ("<p hidden>x<p>b", "b"),
        ("<div hidden><div>x</div>x</div>b", "b"),
        ("<div hidden>x<div></div></div><input hidden>b", "b"),
        ("<p data-hidden='1' class=hidden-print>b</p>", "b"),
        ("<svg/>a<svg><text>x</text></svg>b", "ab"),
        ("1 < 2 & 3 > 2 &amp;lt; <3", "1 < 2 & 3 > 2 &lt; <3"),
        ("a</ b>c<?php x ?>d<!DOCTYPE x>e", "acde"),
        ("a<!-- > -- x -->b<!-->c", "abc"),
        ("a<b title='>'>b</b><i title=\">\">c</i>", "abc"),
        ("a<a href=x'y>b</a>", "ab"),
        ("  a  \n\t b  <b> c</b> d", "a b c d"),
        ("a<title>x", "a"),
        ("a<b", "a"),
    ],
)
def test_markup_is_read_as_browsers_read_it(markup, text):
    assert read_draft(markup.encode(), name="draft.html").text == text


def test_html_is_read_in_the_encoding_that_it_declares_and_in_no_other():
    page = "<meta charset={}><p>préfecture".format
    assert read_draft(page("ISO-8859-1").encode("cp1252"), name="a.html").text == "préfecture"
    assert read_draft(page("utf-8").encode(), name="a.htm").text == "préfecture"
    assert refusal("<p>préfecture".encode("cp1252"), "a.html") == "a.html is not written in utf-8: save it as UTF-8."
    assert "says that it is written in unicode_escape" in refusal(page("unicode_escape").encode(), "a.html")
    assert "says that it is written in zip" in refusal(page("zip").encode(), "a.html")


@pytest.mark.parametrize(
    "junk",
    [
        "<",
        "<a ",
        "<a href='",
        '<a b="',
        "<!--",
        "<!",
        "</",
        "<script>",
        "<p hidden>",
        "<div>",
        "&",
        "&#",
        "=",
        "<a b=",
        "<pre>\n",
        "<br>",
        "\n",
    ],
)
def test_html_that_is_junk_takes_no_more_than_a_moment(junk):
    data = (junk * (1_000_000 // len(junk)) + "x").encode()
    begun = time.perf_counter()
    with suppress(DraftError):
        read_draft(data, name="draft.html", limits=Limits(lines=2_000_000))
    assert time.perf_counter() - begun < 10


# --- What cannot be read --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "name", "told"),
    [
        (b"", "draft.txt", "draft.txt is empty."),
        (b" \n\n", "draft.md", "draft.md is empty."),
        (b"...", "draft.txt", "draft.txt holds no text."),
        (b"<p> </p>", "draft.html", "draft.html holds no text."),
        (b"a\0b", "draft.txt", "draft.txt is no text: it holds characters that no text has."),
        (b"\x01\x02\x03abc", "draft.txt", "draft.txt is no text: it holds characters that no text has."),
        (b"Kabul", "draft.odt", "draft.odt is no kind of document that is read: give .txt,"),
        (b"Kabul", "draft", "draft is no kind of document that is read: give .txt,"),
        (b"Kabul", "", "A draft without a name is no kind of document that is read: give .txt,"),
        (b"Kabul", "draft.pdf", "draft.pdf is a damaged PDF: print it to a new PDF."),
        (b"Kabul", "draft.docx", "draft.docx is a damaged or encrypted Word document:"),
        (b"{\\rtf1 Kabul}", "draft.txt", "draft.txt is rich text (RTF) by its content, not what its ending says:"),
        (b"\x89PNG\r\n\x1a\n", "draft.md", "draft.md is a picture by its content, not what its ending says:"),
        (b"PK\x03\x04", "draft.txt", "draft.txt is a Word document or a packed file by its content, not what its "),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence_that_names_it(source, name, told):
    sentence = refusal(source, name)
    assert sentence.startswith(told)
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_document_with_a_wrong_ending_says_which_is_right():
    told = refusal(pdf("Kabul"), "/somewhere/my draft.txt")
    assert told == "my draft.txt is a PDF by its content, not what its ending says: rename it to my draft.pdf."
    assert refusal(package("<w:p/>"), "draft.pdf").endswith("rename it to draft.docx.")


def test_a_file_that_is_not_there_or_is_a_folder_is_one_sentence_too(tmp_path):
    assert refusal(tmp_path / "draft.txt") == f"draft.txt is not there: no file is at {tmp_path / 'draft.txt'}."
    (tmp_path / "folder.txt").mkdir()
    assert refusal(tmp_path / "folder.txt") == "folder.txt cannot be opened: Is a directory."


def test_more_than_the_limits_is_refused_and_never_cut_off(tmp_path):
    assert refusal(b"x" * 11, "a.txt", file_bytes=10) == (
        "a.txt has 11 bytes, and 10 are read at most: check it in parts."
    )
    (tmp_path / "a.txt").write_bytes(b"x" * 11)
    assert "has 11 bytes" in refusal(tmp_path / "a.txt", file_bytes=10)
    assert "more than the 10 characters" in refusal(b"x" * 11, "a.txt", characters=10)
    assert "more than the 3 lines" in refusal(b"x\n" * 4, "a.txt", lines=3)
    assert read_draft(b"x" * 10, name="a.txt", limits=Limits(file_bytes=10, characters=10)).text == "x" * 10


@pytest.mark.parametrize("ending", ["txt", "md", "docx", "pdf", "html"])
@given(data=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
def test_whatever_the_bytes_are_there_is_a_draft_or_a_sentence(ending: str, data: bytes):
    for opening in (b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<p>"):
        told = answer(opening + data, f"draft.{ending}")
        if isinstance(told, Draft):
            assert told.text.encode().decode() == told.text
            assert told.pieces[0].start == 0
        else:
            assert told.startswith(f"draft.{ending} ")
            assert told.endswith(".")


@given(data=st.data())
def test_a_real_document_with_a_byte_changed_is_a_draft_or_a_sentence(
    made: list[tuple[str, bytes]], data: st.DataObject
):
    name, whole = data.draw(st.sampled_from(made))
    at = data.draw(st.integers(0, len(whole) - 1))
    told = answer(whole[:at] + bytes([data.draw(st.integers(0, 255))]) + whole[at + 1 :], name)
    assert isinstance(told, Draft) or told.startswith(f"{name} ")


@pytest.fixture(scope="module")
def made() -> list[tuple[str, bytes]]:
    return [
        ("draft.pdf", pdf("From Kabul\nto Herat")),
        ("draft.docx", package("<w:p><w:r><w:t>Kabul</w:t></w:r></w:p>" * 20)),
        ("draft.html", (SAMPLES / "bulletin.html").read_bytes()),
    ]
