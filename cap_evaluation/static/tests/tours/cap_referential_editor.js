import {registry} from "@web/core/registry";

const row = (code) => `.o_cap_node[data-code="${code}"]`;

const choose = (code) => ({
    content: `choose ${code}`,
    trigger: `${row(code)} .o_cap_name`,
    run: "click",
});

const act = (name) => ({
    content: `${name} it`,
    trigger: `.o_cap_panel [data-do=${name}]:enabled`,
    run: "click",
});

registry.category("web_tour.tours").add("cap_referential_editor", {
    steps: () => [
        {
            content: "open the content of the edition",
            trigger: "button[name=action_open_editor]:contains(Edit the content)",
            run: "click",
        },
        {
            content: "everything shows",
            trigger: "[data-do=unfold]",
            run: "click",
        },
        choose("1.1.1"),
        act("add"),
        {
            content: "the next code is proposed",
            trigger: ".o_cap_add [name=code]:value(1.1.1.3)",
        },
        {
            content: "word it",
            trigger: ".o_cap_add [name=name]",
            run: "edit Members decide",
        },
        {
            content: "add it",
            trigger: ".o_cap_add [type=submit]",
            run: "click",
        },
        {
            content: "it is there, a proposal",
            trigger: `${row("1.1.1.3")}.o_cap_selected .o_cap_flag_proposal`,
        },
        {
            content: "close the adding",
            trigger: ".o_cap_add .btn-secondary",
            run: "click",
        },
        choose("1.1.1.3"),
        act("edit"),
        {
            content: "rename it",
            trigger: ".modal .o_field_widget[name=name] :is(input, textarea)",
            run: "edit Members decide together",
        },
        {
            content: "save",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "the tree has the new wording",
            trigger: `body:not(:has(.modal)) ${row("1.1.1.3")}:contains(Members decide together)`,
        },
        {
            content: "move it up",
            trigger: ".o_cap_panel [data-step=up]:enabled",
            run: "click",
        },
        {
            content: "it comes before 1.1.1.2, with its code",
            trigger: `${row("1.1.1.3")} + ${row("1.1.1.2")}`,
        },
        {
            content: "drag it to the other theme",
            trigger: `${row("1.1.1.3")} .o_cap_handle`,
            run: `drag_and_drop ${row("2.1.1.2")}`,
        },
        {
            content: "it is in 2.1.1 now",
            trigger: `${row("2.1.1")} ~ ${row("1.1.1.3")}`,
        },
        choose("1.2"),
        act("duplicate"),
        {
            content: "the copy comes with all below it",
            trigger: `${row("1.3")}.o_cap_selected:contains((copy))`,
        },
        {
            content: "fold all",
            trigger: "[data-do=fold]",
            run: "click",
        },
        {
            content: "themes only",
            trigger: `.o_cap_tree:not(:has(${row("1.1")})) ${row("2")}`,
        },
        {
            content: "search words",
            trigger: ".o_cap_search",
            run: "edit decide tog",
        },
        {
            content: "what holds it shows too",
            trigger: `${row("2")} ~ ${row("2.1")} ~ ${row("1.1.1.3")}.o_cap_found`,
        },
        choose("1.1.1.3"),
        act("preview"),
        {
            content: "as the pilot sees it",
            trigger: ".modal iframe.o_cap_preview",
        },
        {
            content: "the pilot's page is there",
            trigger: ":iframe .cap-line-form h2:contains(Members decide together)",
        },
        {
            content: "close it",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "closed",
            trigger: "body:not(:has(.modal))",
        },
    ],
});
