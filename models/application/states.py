"""Where an application stands as a whole. Every state can be left again."""

from models.base import N_, Labelled


class ApplicationState(Labelled):
    PREPARING = "preparing", N_("in preparation")
    SUBMITTED = "submitted", N_("submitted")
    QUERY = "query", N_("query by the network")
    ACCEPTED = "accepted", N_("accepted, not yet announced")
    DECLINED = "declined", N_("declined")
    MEMBER = "member", N_("member of the network")
    INACTIVE = "inactive", N_("member, listed as inactive")
    PAUSED = "paused", N_("paused")
    WITHDRAWN = "withdrawn", N_("withdrawn")
