"""Papers, consultations and meetings in OParl's words; the adopted resolution is a record of its own."""

from datetime import date

from sqlmodel import Field, Session, col, select

from models.base import CODE, LINE, N_, NAME, NOTE, URL, Labelled, Recorded, enum_column, in_language, text


class MeetingResult(Labelled):
    NONE = "none", N_("no result printed")
    OPEN = "open", N_("no result entered")
    ADJOURNED = "adjourned", N_("adjourned")
    ADOPTED = "adopted", N_("adopted")
    ADOPTED_AMENDED = "adopted_amended", N_("adopted in changed form")
    REJECTED = "rejected", N_("rejected")


class Paper(Recorded, table=True):
    """A council paper, told in our own words."""

    __tablename__ = "paper"

    reference: str = text(CODE, unique=True)
    name: str = text(LINE)
    paper_type: str = text(NAME)
    originator: str = text(NAME)
    under_direction_of: str = text(NAME)
    dated_on: date | None = None
    web: str = text(URL)
    summary_de: str = text(NOTE)
    summary_en: str = text(NOTE)
    wording: str = text(NOTE)
    wording_source: str = text(LINE)
    source: str = text(NOTE)

    def title(self, language: str) -> str:
        return self.reference

    def summary(self, language: str) -> str:
        return in_language(language, self.summary_de, self.summary_en)


class Consultation(Recorded, table=True):
    """One station of a paper: which organization, in which role."""

    __tablename__ = "consultation"

    paper_id: int = Field(foreign_key="paper.id", ondelete="CASCADE", index=True)
    position: int
    organization: str = text(NAME)
    role: str = text(NAME)
    authoritative: bool = False

    def title(self, language: str) -> str:
        return f"{self.organization}: {self.role}"


class ConsultationMeeting(Recorded, table=True):
    """One date on which a station took place, or did not."""

    __tablename__ = "consultation_meeting"

    consultation_id: int = Field(foreign_key="consultation.id", ondelete="CASCADE", index=True)
    held_on: date
    name: str = text(LINE)
    result: MeetingResult = enum_column(MeetingResult, MeetingResult.NONE)
    cancelled: bool = False
    public: bool = True

    def title(self, language: str) -> str:
        return f"{self.name} {self.held_on:%d.%m.%Y}"


class Resolution(Recorded, table=True):
    """What was adopted: not what the paper asked for, and kept apart from it."""

    __tablename__ = "resolution"

    paper_id: int = Field(foreign_key="paper.id", ondelete="CASCADE", index=True)
    adopted_on: date
    adopted_as: str = text(CODE)
    summary_de: str = text(NOTE)
    summary_en: str = text(NOTE)
    wording: str = text(NOTE)
    wording_source: str = text(LINE)
    source: str = text(NOTE)

    def title(self, language: str) -> str:
        word = "Beschluss vom" if language == "de" else "Resolution of"
        return f"{word} {self.adopted_on:%d.%m.%Y}"

    def summary(self, language: str) -> str:
        return in_language(language, self.summary_de, self.summary_en)


def papers(session: Session) -> list[Paper]:
    """All papers, the motion before what answers it."""
    return list(session.exec(select(Paper).order_by(col(Paper.reference))))


def way_of(session: Session, paper_id: int) -> list[tuple[Consultation, list[ConsultationMeeting]]]:
    """A paper's stations, each with its dates."""
    stations = session.exec(
        select(Consultation).where(Consultation.paper_id == paper_id).order_by(col(Consultation.position))
    ).all()
    dates = session.exec(
        select(ConsultationMeeting)
        .where(col(ConsultationMeeting.consultation_id).in_([s.key for s in stations]))
        .order_by(col(ConsultationMeeting.held_on))
    ).all()
    return [(station, [d for d in dates if d.consultation_id == station.key]) for station in stations]


def resolutions(session: Session) -> list[Resolution]:
    """What was adopted, the newest first."""
    return list(session.exec(select(Resolution).order_by(col(Resolution.adopted_on).desc())))
