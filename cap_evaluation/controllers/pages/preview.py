from .line import LinePage


class PreviewPage(LinePage):
    """One objective as a pilot will meet it, before any evaluation exists.

    The portal's own form is rendered for an evaluation that is never stored.
    """

    first = last = False
    previous_name = ""
    last_time = None

    def __init__(self, objective):
        env = objective.env
        evaluation = env["cap.evaluation"].new({"version_id": objective.version_id.id})
        line = env["cap.evaluation.line"].new({"objective_id": objective.id})
        line.evaluation_id = evaluation
        super().__init__(evaluation, line=line)
        self.objective = objective
        self.near = line

    def get_next(self, direction="next"):
        """Return no line: this one stands among no others yet."""
        return self.line.browse()

    def get_next_url(self, direction="next"):
        """Return no address: nothing can be opened from here."""
        return ""

    def _tell_rank(self):
        return []
