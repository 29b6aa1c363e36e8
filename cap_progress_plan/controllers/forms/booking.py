"""What the form that books a training says: a session, contacts, other people."""

# Plain classes: what they call read and write is no model's.
# pylint: disable=method-required-super

from odoo.exceptions import UserError

from odoo.addons.cap_evaluation.controllers.forms.base import FieldError, Form
from odoo.addons.cap_evaluation.kernel.numbers import read_id
from odoo.addons.cap_evaluation.kernel.text import one_line

from ...kernel.person import Person

NEW_PEOPLE = 3
MAX_PEOPLE = 20


class BookingForm(Form):
    """The people and the session that a browser sent.

    :param ticked: every value of the boxes that are ticked
    """

    def __init__(self, env, post, ticked=()):
        super().__init__(env, post)
        self.ticked = set(filter(None, map(read_id, ticked[:MAX_PEOPLE])))

    @property
    def numbers(self):
        """The ranks of the people who can be typed."""
        return range(1, NEW_PEOPLE + 1)

    def read(self, task_sudo):
        """Return what ``_cap_book_seats`` takes: a session, elevated, and people.

        :raise FieldError: where a name or an address is wrong
        :raise UserError: without a session
        """
        number = read_id(self.get_text("session"))
        sessions_sudo = task_sudo.env["event.event"]
        session_sudo = number and sessions_sudo.browse(number).exists()
        if not session_sudo:
            raise UserError(self.env._("Choose a date."))
        contacts = [
            Person(contact.name, contact.email or "", contact.id)
            for contact in task_sudo._cap_get_contacts()
            if contact.id in self.ticked
        ]
        return session_sudo, [*contacts, *self._read_new(task_sudo)]

    def _read_new(self, task_sudo):
        people = []
        for number in self.numbers:
            name, email = self.get_person(number)
            if not (name or email):
                continue
            person = Person(name, email)
            problem = task_sudo._cap_find_person_problem(person)
            if problem:
                field, message = problem
                raise FieldError(f"{field}_{number}", message)
            people.append(person)
        return people

    def get_person(self, number):
        """Return the name and the address typed for one person."""
        return tuple(
            one_line(self.get_text(f"{field}_{number}")) for field in ("name", "email")
        )
