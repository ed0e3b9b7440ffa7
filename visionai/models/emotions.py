"""The table of the seven apparent expressions, for whoever reads the database by hand."""

from __future__ import annotations

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from ..extensions import Base, db
from ..vision.emotions import EMOTIONS


class EmotionClass(Base):
    """An apparent expression; ids are those of `vision.emotions.Emotion`, descriptions are Spanish."""

    __tablename__ = "emotion_classes"

    emotion_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    emotion_name: Mapped[str] = mapped_column(String(20), unique=True)
    emotion_desc: Mapped[str] = mapped_column(String(100))


def seed_emotions() -> None:
    """Add those of the seven rows that are missing; the first migration does the same."""
    with Session(db.engine) as session, session.begin():
        present = set(session.scalars(select(EmotionClass.emotion_id)))
        session.add_all(
            EmotionClass(emotion_id=emotion.id, emotion_name=emotion.value, emotion_desc=emotion.description("es"))
            for emotion in EMOTIONS
            if emotion.id not in present
        )
