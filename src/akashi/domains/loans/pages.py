"""Pages of the loans room: the applicant's and the desk's."""

from __future__ import annotations

from fastapi import APIRouter

from akashi.domains.loans.customer_pages import router as customer_router
from akashi.domains.loans.desk_pages import router as desk_router
from akashi.domains.loans.form_pages import router as form_router
from akashi.domains.loans.operation_pages import router as operation_router
from akashi.domains.loans.upload_pages import router as upload_router

router = APIRouter()
router.include_router(customer_router)
router.include_router(form_router)
router.include_router(upload_router)
router.include_router(desk_router)
router.include_router(operation_router)
