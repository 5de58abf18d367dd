"""Official documents on paper: which forms there are, which facts they need, and their A4 pages as PDF.

No rule of who may make what is asked here and nothing is written: that is `complaints.actions.documents`.
"""

from complaints.documents.codes import check_code, code_of, find, number_of, sign_of
from complaints.documents.facts import Facts, Sources, freeze, gather
from complaints.documents.forms import FORMS, HANDOVER_LETTER, HOTLINE, Ask, Form, fitting
from complaints.documents.handover import HANDING, Piece, letter, pieces_of, write_package
from complaints.documents.period_report import report_pdf, report_xlsx
from complaints.documents.render import pdf

__all__ = [
    "FORMS",
    "HANDING",
    "HANDOVER_LETTER",
    "HOTLINE",
    "Ask",
    "Facts",
    "Form",
    "Piece",
    "Sources",
    "check_code",
    "code_of",
    "find",
    "fitting",
    "freeze",
    "gather",
    "letter",
    "number_of",
    "pdf",
    "pieces_of",
    "report_pdf",
    "report_xlsx",
    "sign_of",
    "write_package",
]
