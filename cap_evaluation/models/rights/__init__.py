from . import cap_shared_mixin, cap_system_fields_mixin
