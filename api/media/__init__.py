"""Leads in other forms than JSON: ADF 1.0, XML of our own, and what web pages post; answers in XML
for those who ask.

Each form is read into the fields of ``api.leads.submission``, so that there is one door (A2, F4).
"""

from api.media.door import OtherForms

__all__ = ["OtherForms"]
