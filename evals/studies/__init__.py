"""Studies: what a part of the copilot is for, measured where taking it out changes no plan or needs two runs."""

from evals.studies.base import Study
from evals.studies.gate import study_gate
from evals.studies.second_opinion import study_second_opinion

__all__ = ["Study", "study_gate", "study_second_opinion"]
