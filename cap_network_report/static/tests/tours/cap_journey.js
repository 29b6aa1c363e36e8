import {registry} from "@web/core/registry";

// One CAP from the first click to the network's report, by four people. Each tour is
// one person's part; tests/test_journey.py plays them in their order. No word of the
// interface is looked for: the journey holds in every language.

const tours = registry.category("web_tour.tours");
const openPage = {run: "click", expectUnloadPage: true};

tours.add("cap_journey_manager_loads", {
    steps: () => [
        {
            content: "An empty screen offers to load the CAP",
            trigger: ".o_view_nocontent a[name*=cap_load_action]",
            run: "click",
        },
        {
            content: "It comes as a draft: publish it",
            trigger: ".o_form_view button[name=action_publish_or_list_defects]",
            run: "click",
        },
        {trigger: ".modal-footer .btn-primary", run: "click"},
        {
            content: "It is published; browse it as a tree",
            trigger:
                ".o_statusbar_status [data-value=published].o_arrow_button_current",
        },
        {trigger: "button[name=action_view_objectives]", run: "click"},
        {
            content: "By theme, and four of them",
            trigger: ".o_list_view .o_group_header:nth-of-type(4)",
        },
    ],
});

tours.add("cap_journey_manager_opens", {
    steps: () => [
        {
            content: "Open the campaign",
            trigger: ".o_form_view button[name=action_open]:visible",
            run: "click",
        },
        {
            content: "Both structures have their evaluation",
            trigger: ".o_list_view .o_data_row:nth-of-type(2)",
        },
    ],
});

const saved = {
    content: "The answer is saved",
    trigger:
        ".cap-save[role=status]:not(.cap-save--wait):not(.cap-save--stop):contains(/\\d/)",
};

const choose = (code, value) => [
    {trigger: `.cap-line-form .cap-eyebrow:contains(${code})`},
    {
        content: `Choose ${value} for ${code}`,
        trigger: `.cap-line-form .cap-level:has(input[value="${value}"])`,
        run: "click",
    },
    saved,
];

tours.add("cap_journey_pilot_evaluates", {
    steps: () => [
        {
            content: "Start the CAP that the campaign opened",
            trigger: "form[action='/my/cap/start'] button",
            ...openPage,
        },
        ...choose("1.1.1.1", 1),
        {
            content: "Say why, and what to do about it",
            trigger: ".cap-line-form #comment",
            run: "edit Décidé à l'oral",
        },
        {
            trigger: ".cap-line-form input[name=progress_action][value=yes]",
            run: "click",
        },
        {
            trigger: ".cap-line-form #progress_comment",
            run: "edit Tenir un relevé d'une page",
        },
        saved,
        {trigger: ".cap-line-form .btn-primary", run: "click"},
        ...choose("1.1.1.2", 0),
        {trigger: ".cap-tabs a[href$='/results']", ...openPage},
        {content: "See the photographie", trigger: ".cap-radar svg[role=img]"},
        {trigger: ".cap-tabs a:first-child", ...openPage},
        {trigger: "a[href$='/finish']", ...openPage},
        {
            content: "Validate it for good",
            trigger: "input[name=confirmed]",
            run: "click",
        },
        {trigger: "form[action$='/validate'] button", ...openPage},
        {content: "It is validated", trigger: ".cap-note--ok form[action$='/next']"},
    ],
});

tours.add("cap_journey_pilot_plans", {
    steps: () => [
        {
            content: "One click makes the plan",
            trigger: "button[name=create_plan]",
            ...openPage,
        },
        {content: "One action", trigger: ".cap-rows--rank > li:only-child"},
        {
            content: "Book a seat in the training that helps",
            trigger: ".cap-card a[href*='/book/']",
            ...openPage,
        },
        {
            trigger: ".cap-choice:contains(cap_pilot) input[name=partner]",
            run: "click",
        },
        {trigger: "button[name=book_seats]", ...openPage},
        {content: "The seat is booked", trigger: "[name=cap_booked] li"},
    ],
});

tours.add("cap_journey_animator_follows", {
    steps: () => [
        {
            content: "What is under way comes first; look at all",
            trigger: ".o_searchview .o_facet_remove",
            run: "click",
        },
        {
            content: "Only the structure of this region",
            trigger:
                ".o_list_view:not(:has(.o_data_row:nth-of-type(2))) .o_data_cell[name=partner_id]",
            run: "click",
        },
        {
            content: "Its lines, and its plan one click away",
            trigger: ".o_form_view [name=line_ids] .o_data_row",
        },
    ],
});

tours.add("cap_journey_manager_reports", {
    steps: () => [
        {content: "The network, crossed", trigger: ".o_pivot tbody tr:nth-of-type(2)"},
        {trigger: ".o_switch_view.o_graph", run: "click"},
        {content: "And drawn", trigger: ".o_graph_canvas_container canvas"},
    ],
});
