"""The tables of assistance: affiliates, files, the network, and the work."""

from escucha.contexts.assistance.models.affiliates import Affiliate, AffiliateImport
from escucha.contexts.assistance.models.files import Assistance, AssistanceFile, HandOver
from escucha.contexts.assistance.models.network import Paper, Provider, Reach, Standing, Suspension, Veto
from escucha.contexts.assistance.models.work import (
    Ask,
    Assignment,
    Cost,
    IncomingCall,
    LogLine,
    Offer,
    Reminder,
)

__all__ = [
    "Affiliate",
    "AffiliateImport",
    "Ask",
    "Assignment",
    "Assistance",
    "AssistanceFile",
    "Cost",
    "HandOver",
    "IncomingCall",
    "LogLine",
    "Offer",
    "Paper",
    "Provider",
    "Reach",
    "Reminder",
    "Standing",
    "Suspension",
    "Veto",
]
