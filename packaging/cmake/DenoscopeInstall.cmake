# SPDX-License-Identifier: GPL-3.0-or-later
# What `cmake --install build/release` installs, and the Debian package made of it:
#   packaging/build -DCMAKE_INSTALL_PREFIX=/usr && cpack --config build/release/CPackConfig.cmake -B build

# Installing and packing take what was built; they do not build every test first.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)

foreach(part denoscope-cli denoscope-cli-module denoscope denoscope-module denoscope-engine-module)
    if(TARGET ${part})
        # A LibTorch outside the system's folders is found where it was at build time.
        set_target_properties(${part} PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
        install(TARGETS ${part} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
                                LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/denoscope)
    endif()
endforeach()
if(DENOSCOPE_GUI)
    install(FILES resources/denoscope.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
    install(FILES resources/org.denoscope.denoscope.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
    install(FILES resources/icons/denoscope.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
endif()
install(FILES README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/denoscope)
install(FILES packaging/debian-copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/denoscope RENAME copyright)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME denoscope)
set(CPACK_PACKAGE_VENDOR "The Denoscope authors")
set(CPACK_PACKAGE_CONTACT "The Denoscope authors <denoscope@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# LibTorch is content with any BLAS, the reference one included, and then trains many times slower.
set(CPACK_DEBIAN_PACKAGE_DEPENDS libopenblas0-openmp)
if(DENOSCOPE_GUI)
    # Qt loads these at run time, so no library dependency names them.
    set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "fonts-dejavu-core, qt6-wayland")
endif()
include(CPack)
