import {registry} from "@web/core/registry";

// No word is looked for: the tour holds in every language.
registry.category("web_tour.tours").add("cap_progress_plan_pilot", {
    steps: () => [
        {
            content: "Make the plan",
            trigger: "button[name=create_plan]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Two ranked actions; open the first",
            trigger: ".cap-rows--rank > li:nth-child(2)",
        },
        {
            trigger: ".cap-rows--rank > li:first-child a[href*='/plan/']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It is under way",
            trigger: "input[name=status][value=doing]",
            run: "click",
        },
        {
            trigger: "textarea[name=note]",
            run: "edit First meeting held",
        },
        {
            trigger: "form.cap-card button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Told on the plan, then go to the training",
            trigger: ".cap-note--ok",
        },
        {
            trigger: ".cap-card a[href*='/book/']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "A contact and somebody else",
            trigger: ".cap-choice:contains(Known Contact) input[name=partner]",
            run: "click",
        },
        {
            trigger: "input[name=name_1]",
            run: "edit New Person",
        },
        {
            trigger: "button[name=book_seats]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Both have a seat",
            trigger: "[name=cap_booked] li:nth-child(2)",
        },
        {
            trigger: "[name=cap_booked] a.btn-primary",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The calendar shows the training",
            trigger: "svg.cap-chart g path",
        },
    ],
});
