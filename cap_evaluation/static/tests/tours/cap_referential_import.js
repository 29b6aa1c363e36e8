import {registry} from "@web/core/registry";

/** Put into the wizard's field the file that the test serves at `url`. */
const choose = (url, name) => ({
    content: `choose ${name}`,
    trigger: ".modal .o_field_widget[name=file] input[type=file]:not(:visible)",
    async run({anchor}) {
        const response = await fetch(url);
        const transfer = new DataTransfer();
        transfer.items.add(new File([await response.blob()], name));
        anchor.files = transfer.files;
        anchor.dispatchEvent(new Event("change", {bubbles: true}));
    },
});

const press = (name) => ({
    content: `press ${name}`,
    trigger: `.modal footer button[name=${name}]:enabled`,
    run: "click",
});

registry.category("web_tour.tours").add("cap_referential_import", {
    steps: () => [
        {
            content: "open the référentiels' menu",
            trigger: "[data-menu-xmlid='cap_evaluation.menu_cap_referentials']",
            run: "click",
        },
        {
            content: "import a workbook",
            trigger: "[data-menu-xmlid='cap_evaluation.menu_cap_import']",
            run: "click",
        },
        choose("/cap_test/wrong.xlsx", "wrong.xlsx"),
        press("action_import"),
        {
            content: "what is wrong is listed, with its place",
            trigger: ".modal [name=problem_ids] .o_data_row:contains(intitule long)",
        },
        {
            content: "take the file away",
            trigger: ".modal .o_field_widget[name=file] .o_clear_file_button",
            run: "click",
        },
        choose("/cap_test/right.xlsx", "right.xlsx"),
        press("action_check"),
        {
            content: "nothing is wrong any more",
            trigger: ".modal .alert-success",
        },
        press("action_import"),
        {
            content: "the edition is there, as a draft",
            trigger: ".o_statusbar_status [data-value=draft].o_arrow_button_current",
        },
    ],
});
