import {registry} from "@web/core/registry";

/** Wait until the server has the answer: the state line carries its "saved" icon. */
const saved = {
    content: "the answer is saved",
    trigger:
        ".cap-save[role=status]:not(.cap-save--wait):not(.cap-save--stop):contains(/\\d/)",
};

/** Within a sub-theme the next objective is there already. */
const next = {
    content: "go to the next objective",
    trigger: ".cap-line-form .btn-primary",
    run: "click",
};
const nextSubTheme = {...next, expectUnloadPage: true};

const choose = (code, value) => [
    {
        content: `objective ${code} is shown`,
        trigger: `.cap-line-form .cap-eyebrow:contains(${code})`,
    },
    {
        content: `choose level ${value}`,
        trigger: `.cap-line-form .cap-level:has(input[value="${value}"])`,
        run: "click",
    },
    saved,
];

registry.category("web_tour.tours").add("cap_evaluation_pilot", {
    url: "/my/cap",
    steps: () => [
        {
            content: "start the CAP",
            trigger: "form[action='/my/cap/start'] button",
            run: "click",
            expectUnloadPage: true,
        },
        ...choose("1.1.1.1", 0),
        {
            content: "say why",
            trigger: ".cap-line-form #comment",
            run: "edit Said aloud, never written",
        },
        {
            content: "want to progress",
            trigger: ".cap-line-form input[name=progress_action][value=yes]",
            run: "click",
        },
        saved,
        next,
        ...choose("1.1.1.2", 3),
        nextSubTheme,
        {
            content: "objective 1.2.1.1 is shown",
            trigger: ".cap-line-form .cap-eyebrow:contains(1.2.1.1)",
        },
        {
            content: "open what does not concern us",
            trigger: ".cap-line-form details:has(#na_reason) > summary",
            run: "click",
        },
        {
            content: "say why it does not apply",
            trigger: ".cap-line-form #na_reason",
            run: "edit No volunteers here",
        },
        next,
        {
            content: "see the photographie",
            trigger: ".cap-tabs a[href$='/results']",
            run: "click",
            expectUnloadPage: true,
        },
        {content: "the chart is drawn", trigger: ".cap-radar svg[role=img]"},
        {
            content: "go back and finish",
            trigger: ".cap-tabs a:not([href$='/results'])",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "see what remains",
            trigger: "a[href$='/finish']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "confirm",
            trigger: "input[name=confirmed]",
            run: "click",
        },
        {
            content: "validate",
            trigger: "form[action$='/validate'] button",
            run: "click",
            expectUnloadPage: true,
        },
        {content: "it is validated", trigger: ".cap-note--ok form[action$='/next']"},
    ],
});
